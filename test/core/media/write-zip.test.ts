import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeZip, zipSize, type ZipEntry } from '../../../core/media/write-zip.ts'
import { describeWith } from '../../support/require.ts'

const run = promisify(execFile)
const UNZIP = '/usr/bin/unzip'
const modified = new Date(2026, 0, 2, 10, 20, 30)

const entry = (name: string, ...chunks: Uint8Array[]): ZipEntry => ({
  name,
  size: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  async *open() {
    yield* chunks
  },
})

async function zipOf(entries: readonly ZipEntry[], largest?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  const options = largest === undefined ? {} : { largest }
  for await (const chunk of writeZip(entries, { modified, ...options })) chunks.push(chunk)
  const zip = Buffer.concat(chunks)
  expect(zipSize(entries, options)).toBe(zip.length)
  return zip
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31) % 251)
const large = [bytes(3 << 20), bytes(2 << 20)]
const small = [entry('A', bytes(10)), entry('B/C', bytes(0)), entry('B/D', bytes(7), bytes(5))]

describe('writeZip', () => {
  it('holds each file as it is, in order, under its name', async () => {
    const files = unzipSync(await zipOf([...small, entry('LARGE', ...large)]))
    expect(Object.keys(files)).toEqual(['A', 'B/C', 'B/D', 'LARGE'])
    expect(Buffer.from(files['A'] ?? [])).toEqual(Buffer.from(bytes(10)))
    expect(Buffer.from(files['B/D'] ?? [])).toEqual(Buffer.concat([bytes(7), bytes(5)]))
    expect(Buffer.from(files['LARGE'] ?? []).equals(Buffer.concat(large))).toBe(true)
  })

  it('breaks off when a file has another size than it said, rather than be wrong', async () => {
    const liar = { ...entry('A', bytes(10)), size: 11 }
    await expect(zipOf([liar])).rejects.toThrow(RangeError)
    await expect(zipOf([{ ...entry('A', ...large), size: 6 << 20 }])).rejects.toThrow(RangeError)
  })

  it('opens a file when the one before is sent, and none after the reader has left', async () => {
    const opened: string[] = []
    const watched = ['1', '2', '3'].map((name) => ({
      ...entry(name, bytes(4)),
      async *open() {
        opened.push(name)
        yield bytes(4)
      },
    }))
    const zip = writeZip(watched, { modified })
    await zip.next()
    expect(opened).toEqual(['1'])
    await zip.return(undefined)
    expect(opened).toEqual(['1'])
  })

  it('ends the file it is in when the reader leaves', async () => {
    let ended = false
    const zip = writeZip(
      [
        {
          name: 'LARGE',
          size: 5 << 20,
          async *open() {
            try {
              for (const chunk of large) yield chunk
            } finally {
              ended = true
            }
          },
        },
      ],
      { modified },
    )
    await zip.next()
    await zip.next()
    expect(ended).toBe(false)
    await zip.return(undefined)
    expect(ended).toBe(true)
  })
})

describeWith(
  { name: 'unzip', remedy: 'apt-get install unzip', found: existsSync(UNZIP) },
  'writeZip, read by Info-ZIP',
  () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'yunying-zip-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    async function tested(entries: readonly ZipEntry[], largest?: number): Promise<string> {
      const path = join(folder, 'a.zip')
      await writeFile(path, await zipOf(entries, largest))
      const { stdout } = await run(UNZIP, ['-tq', path])
      return stdout
    }

    it('finds no fault, CRC before the file or behind it', async () => {
      expect(await tested([...small, entry('LARGE', ...large)])).toContain('No errors detected')
    })

    it('finds no fault in a ZIP64: sizes, offsets and directory beyond their 32 bits', async () => {
      expect(await tested([...small, entry('LARGE', bytes(900))], 40)).toContain('No errors detected')
      const path = join(folder, 'a.zip')
      await run(UNZIP, ['-qo', path, '-d', folder])
      expect(await readFile(join(folder, 'LARGE'))).toEqual(Buffer.from(bytes(900)))
    })

    it('finds no fault in more files than 16 bits count', async () => {
      const many = Array.from({ length: 66_000 }, (_, index) => entry(`F${index}`, bytes(1)))
      expect(await tested(many)).toContain('No errors detected')
    })

    it('reads the time', async () => {
      await writeFile(join(folder, 'a.zip'), await zipOf(small))
      const { stdout } = await run(UNZIP, ['-l', join(folder, 'a.zip')])
      expect(stdout).toMatch(/2026-01-02 10:20\s+B\/D/)
    })
  },
)
