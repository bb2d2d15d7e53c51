import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { DecodedFrame } from '../../../core/dicom/decoded-frame.ts'
import type { ScannedInstance } from '../../../core/dicom/instance-scanner.ts'
import { decodeFrame } from '../../../workers/codec/decode.ts'
import { deidentifyFile, scan } from '../../support/deidentify-file.ts'
import { describeWith } from '../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

/** Compressed in each way, several frames, colours, palettes, planes, halved chrominance, big endian. */
const FILES = [
  'syntaxes/wg04/CT1_J2KR.dcm',
  'syntaxes/wg04/CT1_JLSL.dcm',
  'syntaxes/wg04/CT1_RLE.dcm',
  'syntaxes/wg04/CT1_JPLL.dcm',
  'series/us-cine/us-palette-10f-rle.dcm',
  'series/us-cine/us-rgb-8f-implicit.dcm',
  'series/us-cine/us-ybr-8f-jpeg.dcm',
  'pixels/colour/SC_rgb_16bit.dcm',
  'pixels/colour/SC_rgb_rle_16bit_2frame.dcm',
  'pixels/colour/SC_rgb_small_odd_jpeg.dcm',
  'pixels/colour/SC_ybr_full_uncompressed.dcm',
  'pixels/colour/planar1.dcm',
  'pixels/colour/us-ybr_rct-j2k.dcm',
]
const BLACK = { x: 1, y: 0, width: 2, height: 2 }

describeWith(SHARED_DICOM, 'blackPixels', () => {
  it.each(FILES)('blackens the rectangle in every frame of %s, and nothing else', async (path) => {
    const file = readFileSync(join(sharedDicom() ?? '', path))
    const scanned = scan(file)
    const out = await deidentifyFile(file, {
      blackout: [BLACK],
      decode: (frameNumber) => decoded(file, scanned, frameNumber),
    })
    const after = scan(out)
    const { rows = 0, columns = 0, samplesPerPixel = 1, numberOfFrames = 1 } = scanned.pixels ?? {}
    expect(after.pixels).toMatchObject({ rows, columns, samplesPerPixel, numberOfFrames })
    for (let frameNumber = 1; frameNumber <= numberOfFrames; frameNumber++) {
      const [was, is] = [await decoded(file, scanned, frameNumber), await decoded(out, after, frameNumber)]
      expect(is.bitsAllocated).toBe(was.bitsAllocated)
      const size = (samplesPerPixel * was.bitsAllocated) / 8
      const black = Buffer.from(is.bytes.subarray(BLACK.x * size, (BLACK.x + 1) * size))
      let others = 0
      for (let at = 0; at < rows * columns; at++) {
        const [x, y] = [at % columns, Math.floor(at / columns)]
        const isBlack = x >= BLACK.x && x < BLACK.x + BLACK.width && y < BLACK.height
        const pixel = Buffer.from(is.bytes.buffer, is.bytes.byteOffset + at * size, size)
        if (
          isBlack
            ? !pixel.equals(black)
            : Buffer.compare(pixel, was.bytes.subarray(at * size, (at + 1) * size)) !== 0
        )
          others++
      }
      expect(others).toBe(0)
    }
  })
})

function decoded(file: Buffer, scanned: ScannedInstance, frameNumber: number): Promise<DecodedFrame> {
  const { frames, pixels, transferSyntaxUid } = scanned
  if (pixels === undefined) throw new Error('no pixels')
  const bytes =
    frames.kind === 'native'
      ? file.subarray(
          frames.offset + (frameNumber - 1) * frames.length,
          frames.offset + frameNumber * frames.length,
        )
      : frames.kind === 'encapsulated'
        ? Buffer.concat(
            (frames.frames[frameNumber - 1] ?? []).map(([offset, length]) =>
              file.subarray(offset, offset + length),
            ),
          )
        : Buffer.alloc(0)
  return decodeFrame({ bytes, transferSyntaxUid, pixels: { ...pixels, presentation: {} } })
}
