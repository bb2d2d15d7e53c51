import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../core/config.ts'
import { openFolder, PRIVATE } from '../../storage-config/open-folder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying-folder-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fault = (path: string): Promise<unknown> =>
  openFolder(path, 'YUNYING_DATA').then(
    () => undefined,
    (error: unknown) => error,
  )

describe('openFolder', () => {
  it('makes the folder, and leaves nothing in it', async () => {
    const path = join(folder, 'new/data')
    expect(await fault(path)).toBeUndefined()
    expect(await readdir(path)).toEqual([])
  })

  it('closes a new folder to others where that is wished', async () => {
    const path = join(folder, 'closed')
    await openFolder(path, 'YUNYING_DATA', PRIVATE)
    expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('says what is wrong with a folder that cannot be written, without its name', async () => {
    const file = join(folder, 'secret')
    await writeFile(file, '')
    // Not even root may make a folder there.
    for (const path of [file, join(file, 'data'), '/sys/secret']) {
      const error = await fault(path)
      expect(error).toBeInstanceOf(ConfigError)
      expect(String(error)).toContain('YUNYING_DATA: ')
      expect(String(error)).not.toContain('secret')
    }
  })

  it('refuses a disk without room', async () => {
    // This file system says that it has none.
    expect(await fault('/proc/self')).toMatchObject({ kind: 'unavailable', code: 'data-folder-full' })
  })
})
