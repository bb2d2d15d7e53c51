import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import { describe, expect, it } from 'vitest'
import type { Found } from '../../../viewer/upload/found-file.ts'
import { readZip, ZIP_LIMITS, type ZipLimits } from '../../../viewer/upload/read-zip.ts'

async function zipOf(entries: Record<string, string | Blob>): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const [name, content] of Object.entries(entries)) {
    const reader =
      typeof content === 'string'
        ? new TextReader(content)
        : new Uint8ArrayReader(new Uint8Array(await content.arrayBuffer()))
    await writer.add(name, reader)
  }
  return writer.close()
}

async function read(blob: Blob, limits: Partial<ZipLimits> = {}): Promise<string[]> {
  const lines: string[] = []
  for await (const found of readZip('a.zip', blob, { ...ZIP_LIMITS, ...limits }))
    lines.push(await line(found))
  return lines
}

const line = async (found: Found): Promise<string> =>
  found.kind === 'skipped'
    ? `${found.path}: ${found.reason}`
    : `${found.file.path} = ${await (await found.file.open()).text()}`

describe('readZip', () => {
  it('finds the files in folders and in ZIPs inside it', async () => {
    const inner = await zipOf({ 'deep/I2': 'two' })
    expect(await read(await zipOf({ 'S1/I1': 'one', 'more.zip': inner }))).toEqual([
      'a.zip › S1/I1 = one',
      'a.zip › more.zip › deep/I2 = two',
    ])
  })

  it('names no place outside itself', async () => {
    expect(await read(await zipOf({ '../../etc/passwd': 'x', 'C:\\windows\\I1': 'y' }))).toEqual([
      'a.zip › etc/passwd = x',
      'a.zip › windows/I1 = y',
    ])
  })

  it('stops at its limits', async () => {
    const inner = await zipOf({ I1: 'x' })
    const outer = await zipOf({ 'b.zip': inner })
    expect(await read(outer, { depth: 1 })).toEqual(['a.zip › b.zip: zip-too-deep'])
    expect(await read(await zipOf({ a: '1', b: '2', c: '3' }), { entries: 2 })).toContain(
      'a.zip: zip-too-many',
    )
    const bomb = await zipOf({ I1: '\0'.repeat(2_000_000) })
    expect(await read(bomb, { inflatedBytes: 1_000_000 })).toEqual(['a.zip › I1: zip-bomb'])
  })

  it('says of what is no ZIP, or half of one, that it is broken', async () => {
    const whole = await zipOf({ I1: 'x'.repeat(1000) })
    expect(await read(new Blob(['no zip']))).toEqual(['a.zip: zip-broken'])
    expect(await read(whole.slice(0, Math.floor(whole.size / 2)))).toEqual(['a.zip: zip-broken'])
  })
})
