import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMultipart, type Part } from '../../../../services/http/dicomweb/multipart-reader.ts'

const B = 'xYzBOUNDARY'

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1)
    yield bytes.subarray(at, at + size)
    at += size
  }
}

function body(parts: readonly { headers?: string[]; bytes: Buffer }[], boundary = B): Buffer {
  const pieces = parts.flatMap(({ headers = [], bytes }) => [
    Buffer.from(`--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

async function readAll(part: Part): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of part.body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function readParts(source: AsyncIterable<Uint8Array>, boundary = B) {
  const parts: { headers: Record<string, string>; bytes: Buffer }[] = []
  for await (const part of readMultipart(source, boundary)) {
    parts.push({ headers: Object.fromEntries(part.headers), bytes: await readAll(part) })
  }
  return parts
}

/** Bytes that love to look like a boundary. */
const nastyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          '\r',
          '\n',
          '\r\n',
          '\r\n-',
          '\r\n--',
          `\r\n--${B.slice(0, 5)}`,
          `--${B}`,
          `\r\n--${B}x`,
          `\r\n--${B}-x`,
        )
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces))
  .filter((bytes) => !new RegExp(`\r\n--${B}(--|\r\n|[ \t])`).test(`${bytes.toString('latin1')}\r\n`))

describe('readMultipart', () => {
  it('gives every part byte for byte, however the body is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(nastyBytes, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
        async (bodies, sizes) => {
          const whole = body(bodies.map((bytes) => ({ headers: ['Content-Type: application/dicom'], bytes })))
          const parts = await readParts(chunked(whole, sizes))
          expect(parts.map((part) => part.bytes.toString('hex'))).toEqual(
            bodies.map((bytes) => bytes.toString('hex')),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('answers truncated for a body cut at any byte before its end, and never hangs', async () => {
    const whole = body([
      { headers: ['Content-Type: application/dicom'], bytes: Buffer.from('one\r\n--x') },
      { bytes: Buffer.alloc(0) },
    ])
    for (let length = 0; length < whole.length - 2; length++) {
      await expect(readParts(chunked(whole.subarray(0, length), [7]))).rejects.toMatchObject({
        name: 'YunyingError',
        kind: 'invalid',
      })
    }
    expect(await readParts(chunked(whole.subarray(0, whole.length - 2), [7]))).toHaveLength(2)
  })

  it('reads headers, folded lines, padding after the boundary, a preamble and an epilogue', async () => {
    const text = [
      'This is a preamble',
      `--${B}  \t`,
      'Content-Type: application/dicom;',
      '  transfer-syntax=1.2.840.10008.1.2.1',
      'CONTENT-LOCATION:17',
      '',
      'bytes',
      `--${B}--  `,
      'epilogue',
      `--${B}`,
    ].join('\r\n')
    const [part, ...rest] = await readParts(chunked(Buffer.from(text), [5]))
    expect(rest).toEqual([])
    expect(part?.headers).toEqual({
      'content-type': 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1',
      'content-location': '17',
    })
    expect(part?.bytes.toString()).toBe('bytes')
  })

  it('reaches the next part when a body is given up half-way or not read at all', async () => {
    const whole = body(
      ['first', 'second', 'third', 'last'].map((text) => ({ bytes: Buffer.from(text.repeat(50)) })),
    )
    const seen: string[] = []
    for await (const part of readMultipart(chunked(whole, [16]), B)) {
      if (seen.length === 0)
        for await (const chunk of part.body) {
          seen.push(Buffer.from(chunk).toString())
          break
        }
      else if (seen.length === 1) {
        part.release()
        seen.push('released')
      } else seen.push((await readAll(part)).toString())
    }
    expect(seen).toHaveLength(4)
    expect(seen[2]).toBe('third'.repeat(50))
    expect(seen[3]).toBe('last'.repeat(50))
  })

  it('waits for a body that is read while the next part is asked for', async () => {
    const whole = body([{ bytes: Buffer.from('slow'.repeat(20)) }, { bytes: Buffer.from('next') }])
    const parts = readMultipart(chunked(whole, [8]), B)
    const first = await parts.next()
    const second = parts.next()
    expect((await readAll(first.value as Part)).toString()).toBe('slow'.repeat(20))
    expect((await readAll((await second).value as Part)).toString()).toBe('next')
    expect((await parts.next()).done).toBe(true)
  })

  it('refuses a body without its boundary, without a colon in a header, and with endless headers', async () => {
    await expect(readParts(chunked(Buffer.from('no boundary here'), [4]))).rejects.toMatchObject({
      code: 'multipart-boundary-missing',
    })
    await expect(
      readParts(chunked(body([{ headers: ['nonsense'], bytes: Buffer.from('x') }]), [4])),
    ).rejects.toMatchObject({
      code: 'multipart-header-invalid',
    })
    const endless = Buffer.from(`--${B}\r\n${'a'.repeat(100_000)}`)
    await expect(readParts(chunked(endless, [1000]))).rejects.toMatchObject({
      code: 'multipart-header-invalid',
    })
  })

  it('reads an empty multipart body as no parts', async () => {
    expect(await readParts(chunked(Buffer.from(`--${B}--\r\n`), [3]))).toEqual([])
  })

  it('tells whoever reads what the source threw', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`--${B}\r\n\r\nsome bytes`)
      throw new Error('connection reset')
    }
    await expect(readParts(broken())).rejects.toThrow('connection reset')
  })
})
