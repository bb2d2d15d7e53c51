import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createOpenFiles, type OpenFiles } from '../../../storage-config/object-store/open-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'open-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files: OpenFiles
afterEach(() => files.close())

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function read(path: string, length = 20, offset = 0): Promise<string> {
  const target = Buffer.alloc(length)
  return target.toString('latin1', 0, await files.readInto(path, offset, target))
}

const descriptors = (): number => readdirSync('/proc/self/fd').length

describe('createOpenFiles', () => {
  it('reads many more files at once than it keeps open, each its own bytes', async () => {
    files = createOpenFiles()
    const paths = Array.from({ length: 400 }, (_, index) => fileOf(`many-${index}`, `file ${index}`))
    const before = descriptors()
    const twice = [...paths, ...paths]
    const texts = await Promise.all(twice.map((path) => read(path)))
    expect(texts).toEqual(twice.map((_, index) => `file ${index % 400}`))
    // Those it forgot are closed a moment later.
    await sleep(50)
    expect(descriptors() - before).toBeLessThanOrEqual(130)
    files.close()
    await sleep(50)
    expect(descriptors()).toBeLessThanOrEqual(before)
  })

  it('reads on what it has open, and what replaced it once it was told', async () => {
    files = createOpenFiles()
    const path = fileOf('replaced', 'before')
    expect(await read(path)).toBe('before')
    renameSync(fileOf('aside', 'after'), path)
    expect(await read(path)).toBe('before')
    files.forget(path)
    expect(await read(path)).toBe('after')
  })

  it('ends a reading that is under way when the file is forgotten', async () => {
    files = createOpenFiles()
    const path = fileOf('under-way', 'x'.repeat(1000))
    const readings = Array.from({ length: 20 }, () => read(path, 1000))
    files.forget(path)
    expect(new Set(await Promise.all(readings))).toEqual(new Set(['x'.repeat(1000)]))
  })

  it('says that a file is absent, and finds it once it is there', async () => {
    files = createOpenFiles()
    const path = join(folder, 'late')
    await expect(read(path)).rejects.toMatchObject({ code: 'ENOENT' })
    fileOf('late', 'here')
    expect(await read(path)).toBe('here')
  })
})
