import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANDING_SIZE } from '../../../core/ports/object-store.ts'
import { openWriteThreads } from '../../../storage-config/object-store/write-threads.ts'
import { buildWriteThread } from '../../support/built-threads.ts'
import { threadsThatSteppedBack } from '../../support/stepped-back.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying-threads-'))
})
afterAll(() => rm(folder, { recursive: true }))

const taskFor = (name: string, direct: boolean) => ({
  aside: join(folder, `${name}.aside`),
  path: join(folder, name),
  folder,
  direct,
})

describe('threads that write', () => {
  it('write more objects at once than there are threads, by way of the page cache and past it', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const pieces = Array.from({ length: 12 }, (_, index) => threads.take()?.fill(index) ?? Buffer.alloc(0))
      await Promise.all(
        pieces.map((piece, index) =>
          // Those at an odd place cannot go past the cache.
          threads.write(piece.subarray(index, LANDING_SIZE), taskFor(`object-${index}`, index % 2 === 0)),
        ),
      )
      for (const index of pieces.keys()) {
        const written = await readFile(join(folder, `object-${index}`))
        expect(written.equals(Buffer.alloc(LANDING_SIZE - index, index))).toBe(true)
      }
      expect((await readdir(folder)).filter((name) => name.endsWith('.aside'))).toEqual([])
    } finally {
      await threads.close()
    }
  })

  it('tell the reason when a file cannot be written, and go on', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const piece = threads.take() ?? Buffer.alloc(0)
      const nowhere = { ...taskFor('lost', true), path: join(folder, 'absent', 'lost') }
      await expect(threads.write(piece.subarray(0, 10), nowhere)).rejects.toMatchObject({
        code: 'ENOENT',
        syscall: 'rename',
      })
      await threads.write(piece.subarray(0, 10), taskFor('found', true))
      expect((await readFile(join(folder, 'found'))).length).toBe(10)
    } finally {
      await threads.close()
    }
  })

  it('write the others of those that are written together when one cannot be', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const tasks = Array.from({ length: 9 }, (_, index) => {
        const task = taskFor(`among-${index}`, true)
        // Two that cannot have their name, one that cannot be written.
        if (index === 2 || index === 5) return { ...task, path: join(folder, 'absent', 'lost') }
        return index === 4 ? { ...task, aside: join(folder, 'absent', 'aside') } : task
      })
      const written = await Promise.allSettled(
        tasks.map((task, index) => {
          const piece = threads.take()?.fill(index) ?? Buffer.alloc(0)
          return threads.write(piece.subarray(0, 5000 + index), task)
        }),
      )
      const sha256 = (index: number) =>
        createHash('sha256')
          .update(Buffer.alloc(5000 + index, index))
          .digest('hex')
      expect(written).toMatchObject(
        tasks.map((_, index) => {
          if (index === 2 || index === 5) return { status: 'rejected', reason: { syscall: 'rename' } }
          if (index === 4) return { status: 'rejected', reason: { syscall: 'open' } }
          return { status: 'fulfilled', value: sha256(index) }
        }),
      )
      for (const index of [0, 1, 3, 6, 7, 8])
        expect(
          (await readFile(join(folder, `among-${index}`))).equals(Buffer.alloc(5000 + index, index)),
        ).toBe(true)
    } finally {
      await threads.close()
    }
  })

  it('fail, and do not hang, when a thread does not start', async () => {
    const threads = openWriteThreads(new URL('file:///absent/write-thread.js'))
    const piece = threads.take() ?? Buffer.alloc(0)
    await expect(threads.write(piece.subarray(0, 10), taskFor('never', false))).rejects.toThrow()
    await threads.close()
  })

  it('write nothing later of what could not be begun: its memory is another’s by then', async () => {
    const url = new URL('http://absent/write-thread.js')
    const threads = openWriteThreads(url)
    try {
      const piece = threads.take() ?? Buffer.alloc(0)
      await expect(threads.write(piece.subarray(0, 10), taskFor('stale', false))).rejects.toMatchObject({
        code: 'ERR_INVALID_URL_SCHEME',
      })
      url.href = (await buildWriteThread()).href
      await threads.write(piece.subarray(0, 10), taskFor('fresh', false))
      const names = await readdir(folder)
      expect(names).toContain('fresh')
      expect(names).not.toContain('stale')
    } finally {
      await threads.close()
    }
  })

  it('take nothing once they are closed', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    const piece = threads.take() ?? Buffer.alloc(0)
    await threads.write(piece.subarray(0, 10), taskFor('last', false))
    const closing = threads.close()
    await expect(threads.write(piece.subarray(0, 10), taskFor('late', false))).rejects.toThrow()
    await closing
  })

  it('have memory for a number of objects, and no more', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    const taken: Buffer[] = []
    for (let piece = threads.take(); piece !== undefined; piece = threads.take()) taken.push(piece)
    expect(taken).toHaveLength(16)
    expect(new Set(taken.map(({ byteOffset }) => byteOffset)).size).toBe(16)
    threads.give(taken[0] ?? Buffer.alloc(0))
    expect(threads.take()).toBe(taken[0])
    await threads.close()
  })

  describe('when all memory is in use', () => {
    const allTaken = async () => {
      const threads = openWriteThreads(await buildWriteThread())
      const taken: Buffer[] = []
      for (let piece = threads.take(); piece !== undefined; piece = threads.take()) taken.push(piece)
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = taken
      return { threads, first, second }
    }

    it('have none to wait for while nobody writes', async () => {
      const { threads } = await allTaken()
      expect(await threads.takeNext()).toBeUndefined()
      await threads.close()
    })

    it('give what was written to who asked first, then to who asked next', async () => {
      const { threads, first, second } = await allTaken()
      const writing = [first, second].map((piece, index) =>
        threads
          .write(piece.subarray(0, 10), taskFor(`awaited-${index}`, false))
          .then(() => threads.give(piece)),
      )
      const asked = [threads.takeNext(), threads.takeNext()]
      await Promise.all(writing)
      expect(new Set(await Promise.all(asked))).toEqual(new Set([first, second]))
      threads.give(second)
      expect(threads.take()).toBe(second)
      await threads.close()
    })

    it('let nobody wait for what its holder keeps after it was written, or could not be', async () => {
      const { threads, first, second } = await allTaken()
      const nowhere = { ...taskFor('nowhere', false), path: join(folder, 'absent', 'lost') }
      const writing = Promise.allSettled([
        threads.write(first.subarray(0, 10), taskFor('kept', false)),
        threads.write(second.subarray(0, 10), nowhere),
      ])
      const asked = threads.takeNext()
      expect((await writing).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
      expect(await asked).toBeUndefined()
      await threads.close()
    })
  })

  it('work behind the thread that answers requests', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    const before = threadsThatSteppedBack(process.pid)
    const piece = threads.take() ?? Buffer.alloc(0)
    await threads.write(piece.subarray(0, 10), taskFor('behind', false))
    expect(threadsThatSteppedBack(process.pid)).toBe(before + 1)
    await threads.close()
  })
})
