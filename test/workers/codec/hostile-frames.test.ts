import { describe, expect, it } from 'vitest'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { decodeFrame } from '../../../workers/codec/decode.ts'

const JPEG = '1.2.840.10008.1.2.4.50'
const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70'
const JPEG_LS = '1.2.840.10008.1.2.4.80'
const J2K = '1.2.840.10008.1.2.4.90'
const HTJ2K = '1.2.840.10008.1.2.4.201'
const JPEG_XL = '1.2.840.10008.1.2.4.110'
const RLE = '1.2.840.10008.1.2.5'
const DEFLATED_FRAME = '1.2.840.10008.1.2.8.1'
const NATIVE = '1.2.840.10008.1.2.1'

const pixels = (rows: number, columns: number, bitsAllocated = 8): PixelDescription => ({
  rows,
  columns,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated,
  bitsStored: bitsAllocated,
  highBit: bitsAllocated - 1,
  pixelRepresentation: 0,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {},
})

const refused = async (
  bytes: Uint8Array,
  transferSyntaxUid: string,
  description: PixelDescription,
): Promise<void> => {
  const before = process.memoryUsage().rss
  await expect(decodeFrame({ bytes, transferSyntaxUid, pixels: description })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'pixel-data-invalid',
  })
  expect(process.memoryUsage().rss - before).toBeLessThan(128 << 20)
}

/** SOC and SIZ of a JPEG 2000 codestream of this size, and nothing after. */
function j2kHeader(columns: number, rows: number): Buffer {
  const header = Buffer.alloc(64)
  header.writeUInt32BE(0xff4fff51, 0)
  header.writeUInt16BE(41, 4)
  header.writeUInt32BE(columns, 8)
  header.writeUInt32BE(rows, 12)
  header.writeUInt32BE(columns, 24)
  header.writeUInt32BE(rows, 28)
  header.writeUInt16BE(1, 40)
  header.set([7, 1, 1], 42)
  return header
}

describe('decodeFrame, given what was made to hurt', () => {
  it('refuses a frame of 65535 x 65535 before it allocates', async () => {
    for (const syntax of [NATIVE, RLE, JPEG, J2K, HTJ2K, JPEG_XL, DEFLATED_FRAME])
      await refused(new Uint8Array(128), syntax, pixels(65_535, 65_535, 16))
  })

  it('refuses a large native or RLE frame of which hardly a byte is there', async () => {
    await refused(new Uint8Array(128), NATIVE, pixels(20_000, 20_000))
    const rle = Buffer.alloc(128)
    rle.writeUInt32LE(1, 0)
    rle.writeUInt32LE(64, 4)
    await refused(rle, RLE, pixels(20_000, 20_000))
  })

  it('refuses a codestream of another size than the instance says: 4 gigapixels in a header', async () => {
    await refused(j2kHeader(65_535, 65_535), J2K, pixels(16, 16))
    await refused(j2kHeader(0xffff_ffff, 0xffff_ffff), HTJ2K, pixels(16, 16))
    const jpeg = Buffer.alloc(64)
    jpeg.set([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0])
    await refused(jpeg, JPEG, pixels(16, 16))
    // Small: no; ysize 2^30 by selector 3, as the first bits of a bare codestream.
    await refused(Buffer.from('ff0afeffffffffffffffffffffffffffff', 'hex'), JPEG_XL, pixels(16, 16))
  })

  it('refuses RLE segments outside the frame, out of order, or of a wrong number', async () => {
    const header = (count: number, offsets: number[]): Buffer => {
      const bytes = Buffer.alloc(128)
      bytes.writeUInt32LE(count, 0)
      offsets.forEach((offset, index) => bytes.writeUInt32LE(offset, 4 + 4 * index))
      return bytes
    }
    await refused(header(1, [0xffff_ffff]), RLE, pixels(4, 4))
    await refused(header(2, [100, 64]), RLE, pixels(4, 4, 16))
    await refused(header(15, [64]), RLE, pixels(4, 4))
    await refused(new Uint8Array(10), RLE, pixels(4, 4))
  })

  it('decodes no more of an endless RLE segment than the frame holds', async () => {
    const bytes = Buffer.alloc(1 << 20, 0x81)
    bytes.fill(0, 0, 64)
    bytes.writeUInt32LE(1, 0)
    bytes.writeUInt32LE(64, 4)
    const { bytes: frame } = await decodeFrame({ bytes, transferSyntaxUid: RLE, pixels: pixels(4, 4) })
    expect(frame).toEqual(new Uint8Array(16).fill(0x81))
  })

  it('refuses noise in every compressed syntax', async () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + (index >> 3)) & 0xff)
    for (const syntax of [JPEG, JPEG_LOSSLESS, JPEG_LS, J2K, HTJ2K, JPEG_XL, DEFLATED_FRAME]) {
      await refused(noise, syntax, pixels(16, 16))
      await refused(new Uint8Array(), syntax, pixels(16, 16))
    }
  })

  it('says which transfer syntax it cannot decode', async () => {
    await expect(
      decodeFrame({
        bytes: new Uint8Array(16),
        transferSyntaxUid: '1.2.840.10008.1.2.4.102',
        pixels: pixels(4, 4),
      }),
    ).rejects.toMatchObject({ kind: 'unsupported', code: 'transfer-syntax-unsupported' })
  })

  it('leaves the received bytes as they are', async () => {
    const bytes = Buffer.from([1, 2, 3, 4])
    const { bytes: frame } = await decodeFrame({
      bytes,
      transferSyntaxUid: '1.2.840.10008.1.2.2',
      pixels: pixels(1, 2, 16),
    })
    expect([...frame]).toEqual([2, 1, 4, 3])
    expect([...bytes]).toEqual([1, 2, 3, 4])
  })
})
