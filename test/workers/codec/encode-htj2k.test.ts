import { createHash } from 'node:crypto'
import { join } from 'node:path'
import openJph from '@cornerstonejs/codec-openjph'
import { describe, expect, it } from 'vitest'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { renditionRefusal } from '../../../core/dicom/rendition-refusal.ts'
import { decodeFrame } from '../../../workers/codec/decode.ts'
import { createHtj2kEncoder } from '../../../workers/codec/encode-htj2k.ts'
import { firstFrame } from '../../support/first-frame.ts'
import { openJpeg } from '../../support/openjpeg.ts'
import { describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

const RPCL = '1.2.840.10008.1.2.4.202'
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const gray = (rows: number, columns: number, more: Partial<PixelDescription> = {}): PixelDescription => ({
  rows,
  columns,
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 1,
  numberOfFrames: 1,
  sampleKind: 'integer',
  presentation: {},
  ...more,
})

describe('createHtj2kEncoder', () => {
  const encode = createHtj2kEncoder()
  const encoded = (values: Int16Array | Uint16Array | Uint8Array, pixels: PixelDescription) =>
    encode({ bytes: new Uint8Array(values.buffer), transferSyntaxUid: '1.2.840.10008.1.2.1', pixels })
  const ramp = (count: number): Int16Array =>
    Int16Array.from({ length: count }, (_, index) => (index % 4096) - 2048)

  /** Size and precision of the codestream, and its coding style. Source: ISO/IEC 15444-1 A.5.1, A.6.1. */
  const headOf = (bytes: Uint8Array) => {
    const head = Buffer.from(bytes.buffer, bytes.byteOffset, 200)
    const cod = head.indexOf('ff52', 'hex')
    return {
      precision: (head.readUInt8(42) & 0x7f) + 1,
      signed: head.readUInt8(42) >= 0x80,
      progression: head.readUInt8(cod + 5),
      colourTransform: head.readUInt8(cod + 8),
      levels: head.readUInt8(cod + 9),
      block: [2 << (head.readUInt8(cod + 10) + 1), 2 << (head.readUInt8(cod + 11) + 1)],
      reversible: head.readUInt8(cod + 13) === 1,
      hasTlm: head.includes(Buffer.from('ff55', 'hex')),
    }
  }

  it('writes what HTJ2K RPCL asks for: order, levels, TLM, reversible', async () => {
    const { bytes } = await encoded(ramp(512 * 300), gray(300, 512))
    expect(headOf(bytes)).toEqual({
      precision: 12,
      signed: true,
      progression: 2,
      colourTransform: 0,
      levels: 5,
      block: [64, 64],
      reversible: true,
      hasTlm: true,
    })
  })

  it('halves a large image until it is a thumbnail of 64 pixels', async () => {
    const { bytes, resolutionEnds } = await encoded(ramp(3000 * 70), gray(70, 3000))
    expect(headOf(bytes).levels).toBe(6)
    expect(resolutionEnds).toHaveLength(7)
  })

  it('gives every resolution from its first bytes alone', async () => {
    const values = Int16Array.from({ length: 256 * 256 }, (_, index) =>
      Math.round(1000 * Math.sin((index % 256) / 25) * Math.cos(index / 256 / 31)),
    )
    const { bytes, resolutionEnds } = await encoded(values, gray(256, 256))
    expect(resolutionEnds.at(-1)).toBe(bytes.length)
    const openjph = await openJph()
    for (const [resolution, end] of resolutionEnds.entries()) {
      const level = resolutionEnds.length - 1 - resolution
      const of = (codestream: Uint8Array): Uint8Array => {
        const decoder = new openjph.HTJ2KDecoder()
        decoder.getEncodedBuffer(codestream.length).set(codestream)
        decoder.decodeSubResolution(level)
        return new Uint8Array(decoder.getDecodedBuffer())
      }
      const image = of(bytes.subarray(0, end))
      expect(image).toHaveLength(2 * (256 >> level) ** 2)
      expect(Buffer.compare(image, of(bytes)), `resolution ${resolution}`).toBe(0)
    }
  })

  it.each([
    ['signed', 1, new Int16Array(4096).fill(5), 2047, 2048],
    ['signed, below', 1, new Int16Array(4096).fill(5), -2048, -2049],
    ['unsigned', 0, new Uint16Array(4096).fill(5), 4095, 4096],
  ] as const)('says a higher precision where bits above Bits Stored are used: %s', async (...row) => {
    const [, pixelRepresentation, values, inside, outside] = row
    const pixels = gray(64, 64, { pixelRepresentation })
    for (const [value, precision] of [
      [inside, 12],
      [outside, 16],
    ] as const) {
      values[4095] = value
      const { bytes } = await encoded(values, pixels)
      expect(headOf(bytes)).toMatchObject({ precision, signed: pixelRepresentation === 1 })
      const decoded = await decodeFrame({ bytes, transferSyntaxUid: RPCL, pixels })
      expect(sha256(decoded.bytes)).toBe(sha256(new Uint8Array(values.buffer)))
    }
  })

  it('says a higher precision where a byte has bits above Bits Stored', async () => {
    const pixels = gray(8, 8, { bitsAllocated: 8, bitsStored: 6, highBit: 5, pixelRepresentation: 0 })
    const values = new Uint8Array(64).fill(63)
    expect(headOf((await encoded(values, pixels)).bytes).precision).toBe(6)
    values[63] = 64
    expect(headOf((await encoded(values, pixels)).bytes).precision).toBe(8)
  })

  it.each([
    [
      'unsigned 16',
      new Uint16Array(99 * 3).map((_, i) => (i * 7919) & 0xffff),
      { bitsStored: 16, pixelRepresentation: 0 as const },
    ],
    ['signed 16', new Int16Array(99 * 3).map((_, i) => i * 7919), { bitsStored: 16 }],
    ['9 of 16', new Uint16Array(99 * 3).map((_, i) => i), { bitsStored: 9, pixelRepresentation: 0 as const }],
    [
      '7 of 16',
      new Uint16Array(99 * 3).map((_, i) => i & 0x7f),
      { bitsStored: 7, pixelRepresentation: 0 as const },
    ],
    [
      '8',
      new Uint8Array(99 * 3).map((_, i) => i * 31),
      { bitsAllocated: 8, bitsStored: 8, pixelRepresentation: 0 as const },
    ],
  ])('keeps %s bits in an image of odd size', async (_name, values, more) => {
    const pixels = gray(3, 99, more)
    const { bytes } = await encoded(values, pixels)
    const decoded = await decodeFrame({ bytes, transferSyntaxUid: RPCL, pixels })
    expect(Buffer.compare(decoded.bytes, new Uint8Array(values.buffer))).toBe(0)
  })

  it('transforms RGB reversibly, and leaves YBR as it is', async () => {
    const colour = { samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, pixelRepresentation: 0 } as const
    const values = new Uint8Array(50 * 40 * 3).map((_, index) => (index * 37) & 0xff)
    for (const [photometricInterpretation, transform] of [
      ['RGB', 1],
      ['YBR_FULL', 0],
    ] as const) {
      const pixels = gray(50, 40, { ...colour, photometricInterpretation })
      const { bytes } = await encoded(values, pixels)
      expect(headOf(bytes).colourTransform).toBe(transform)
      const decoded = await decodeFrame({ bytes, transferSyntaxUid: RPCL, pixels })
      expect(Buffer.compare(decoded.bytes, values)).toBe(0)
      expect(decoded.photometricInterpretation).toBe(photometricInterpretation)
      // By a codec that shares nothing with ours.
      expect((await openJpeg())(bytes).equals(Buffer.from(values))).toBe(true)
    }
  })

  it('refuses what it could not give back', async () => {
    await expect(
      encode({ bytes: new Uint8Array(100), transferSyntaxUid: '1.2.840.10008.1.2.4.50', pixels: gray(8, 8) }),
    ).rejects.toMatchObject({ kind: 'unsupported', code: 'rendition-refused' })
  })
})

describeWith(SHARED_DICOM, 'createHtj2kEncoder on the reference scans', () => {
  it('keeps every value of every scan that it does not refuse', { timeout: 300_000 }, async () => {
    const encode = createHtj2kEncoder()
    const rows = manifest().filter((row) => row.truth_kind === 'exact')
    const refusals = new Map<string, number>()
    const wrong: string[] = []
    let kept = 0
    for (const row of rows) {
      const frame = firstFrame(join(sharedDicom() ?? '', row.path))
      if (frame?.scanned.pixels === undefined) throw new Error('no pixels')
      const pixels = { ...frame.scanned.pixels, presentation: {} }
      const refusal = renditionRefusal(frame.scanned.transferSyntaxUid, pixels)
      if (refusal !== undefined) {
        refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1)
        continue
      }
      try {
        const { bytes } = await encode({
          bytes: frame.bytes,
          transferSyntaxUid: frame.scanned.transferSyntaxUid,
          pixels,
        })
        // By the other decoder: that of the viewer was asked by the encoder itself.
        const decoded = await decodeFrame({ bytes, transferSyntaxUid: RPCL, pixels })
        if (sha256(decoded.bytes) === row.truth_sha256) kept++
        else wrong.push(`${row.path}: other values`)
      } catch (error) {
        wrong.push(`${row.path}: ${String(error)}`)
      }
    }
    expect(wrong).toEqual([])
    // Each refusal is of a kind that has no lossless rendition here; all others keep every value.
    expect(kept + [...refusals.values()].reduce((sum, count) => sum + count, 0)).toBe(rows.length)
    expect(kept).toBeGreaterThan(725)
    expect(Object.fromEntries(refusals)).toEqual({
      'colour-space': 2,
      'deep-colour': 2,
      lossy: 2,
      'not-integer': 2,
      'one-bit': 7,
      'too-deep': 3,
    })
  })
})
