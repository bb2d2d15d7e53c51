import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWriteThreads, PIECE } from '../../../storage-config/object-store/write-threads.ts'
import { buildWriteThread } from '../../support/built-threads.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying-threads-'))
})
afterAll(() => rm(folder, { recursive: true }))

const taskFor = (name: string, size: number, direct: boolean) => ({
  aside: join(folder, `${name}.aside`),
  path: join(folder, name),
  folder,
  size,
  direct,
})

describe('threads that write', () => {
  it('write more objects at once than there are threads, by way of the page cache and past it', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const pieces = Array.from(
        { length: 12 },
        (_, index) => threads.take()?.fill(index) ?? new Uint8Array(0),
      )
      await Promise.all(
        pieces.map((piece, index) =>
          threads.write(piece, taskFor(`object-${index}`, PIECE - index * 1000, index % 2 === 0)),
        ),
      )
      for (const index of pieces.keys()) {
        const written = await readFile(join(folder, `object-${index}`))
        expect(written.equals(Buffer.alloc(PIECE - index * 1000, index))).toBe(true)
      }
      expect((await readdir(folder)).filter((name) => name.endsWith('.aside'))).toEqual([])
    } finally {
      await threads.close()
    }
  })

  it('tell the reason when a file cannot be written, and go on', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const piece = threads.take() ?? new Uint8Array(0)
      const nowhere = { ...taskFor('lost', 10, true), path: join(folder, 'absent', 'lost') }
      await expect(threads.write(piece, nowhere)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'rename' })
      await threads.write(piece, taskFor('found', 10, true))
      expect((await readFile(join(folder, 'found'))).length).toBe(10)
    } finally {
      await threads.close()
    }
  })

  it('write the others of those that are written together when one cannot be', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    try {
      const tasks = Array.from({ length: 9 }, (_, index) => {
        const task = taskFor(`among-${index}`, 5000 + index, true)
        // Two that cannot have their name, one that cannot be written.
        if (index === 2 || index === 5) return { ...task, path: join(folder, 'absent', 'lost') }
        return index === 4 ? { ...task, aside: join(folder, 'absent', 'aside') } : task
      })
      const written = await Promise.allSettled(
        tasks.map((task, index) => {
          const piece = threads.take()?.fill(index) ?? new Uint8Array(0)
          return threads.write(piece, task)
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
    const piece = threads.take() ?? new Uint8Array(0)
    await expect(threads.write(piece, taskFor('never', 10, false))).rejects.toThrow()
    await threads.close()
  })

  it('write nothing later of what could not be begun: its memory is another’s by then', async () => {
    const url = new URL('http://absent/write-thread.js')
    const threads = openWriteThreads(url)
    try {
      const piece = threads.take() ?? new Uint8Array(0)
      await expect(threads.write(piece, taskFor('stale', 10, false))).rejects.toMatchObject({
        code: 'ERR_INVALID_URL_SCHEME',
      })
      url.href = (await buildWriteThread()).href
      await threads.write(piece, taskFor('fresh', 10, false))
      const names = await readdir(folder)
      expect(names).toContain('fresh')
      expect(names).not.toContain('stale')
    } finally {
      await threads.close()
    }
  })

  it('take nothing once they are closed', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    const piece = threads.take() ?? new Uint8Array(0)
    await threads.write(piece, taskFor('last', 10, false))
    const closing = threads.close()
    await expect(threads.write(piece, taskFor('late', 10, false))).rejects.toThrow()
    await closing
  })

  it('have memory for a number of objects, and no more', async () => {
    const threads = openWriteThreads(await buildWriteThread())
    const taken: Uint8Array[] = []
    for (let piece = threads.take(); piece !== undefined; piece = threads.take()) taken.push(piece)
    expect(taken).toHaveLength(16)
    expect(new Set(taken.map(({ byteOffset }) => byteOffset)).size).toBe(16)
    threads.give(taken[0] ?? new Uint8Array(0))
    expect(threads.take()).toBe(taken[0])
    await threads.close()
  })
})
