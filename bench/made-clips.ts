import sharp from 'sharp'
import { dicom } from '../test/support/dicom-builder.ts'

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50'
const US_MULTI_FRAME_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.3.1'
const BREAST_TOMOSYNTHESIS_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.13.1.3'

export interface MadeClip {
  readonly study: string
  readonly series: string
  readonly frames: number
  readonly columns: number
  readonly rows: number
}

/**
 * A colour cine as ultrasound machines send it: a sector full of speckle, a patch of flow in colour, 30 frames a second, each
 * a baseline JPEG of its own. The same each time.
 */
export async function madeCine({ study, series, frames, columns, rows }: MadeClip): Promise<Buffer> {
  const speckle = noise(columns * 2, rows * 2)
  const encoded: Uint8Array[] = []
  for (let frame = 0; frame < frames; frame++) {
    const raw = paintSector(speckle, frame, columns, rows)
    const picture = sharp(raw, { raw: { width: columns, height: rows, channels: 3 } })
    encoded.push(await picture.jpeg({ quality: 85, chromaSubsampling: '4:4:4' }).toBuffer())
  }
  return dicom()
    .ct({ rows: 1, columns: 1, frames })
    .uids({ study, series, instance: `${series}.1` })
    .set('SOPClassUID', 'UI', [US_MULTI_FRAME_IMAGE_STORAGE])
    .set('Modality', 'CS', ['US'])
    .set('SeriesNumber', 'IS', [1])
    .set('StudyDescription', 'LO', ['Echo'])
    .set('SeriesDescription', 'LO', [`Cine of ${frames} frames`])
    .set('SamplesPerPixel', 'US', [3])
    .set('PhotometricInterpretation', 'CS', ['YBR_FULL'])
    .set('PlanarConfiguration', 'US', [0])
    .set('Rows', 'US', [rows])
    .set('Columns', 'US', [columns])
    .set('BitsAllocated', 'US', [8])
    .set('BitsStored', 'US', [8])
    .set('HighBit', 'US', [7])
    .set('PixelRepresentation', 'US', [0])
    .set('FrameTime', 'DS', ['33.333'])
    .set('FrameIncrementPointer', 'AT', ['00181063'])
    .set('LossyImageCompression', 'CS', ['01'])
    .fragments(JPEG_BASELINE, encoded)
    .build()
}

/** Slices of a breast in one instance (PS3.3 A.55): 12 bits with noise in the last ones. The same each time. */
export function madeTomosynthesis({ study, series, frames, columns, rows }: MadeClip): Buffer {
  const values = new Uint16Array(columns * rows * frames)
  const grain = noise(columns, rows)
  for (let frame = 0, to = 0; frame < frames; frame++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, to++) {
        const inside = 1 - (x / columns) ** 2 - ((y - rows / 2) / (rows * 0.48)) ** 2
        const tissue = 600 * Math.sin((x + frame * 9) / 61) * Math.cos((y - frame * 7) / 83)
        values[to] =
          inside <= 0 ? 0 : 900 + 1_200 * Math.sqrt(inside) + tissue + ((grain[to % grain.length] ?? 0) >> 3)
      }
    }
  }
  return dicom()
    .ct({ rows: 1, columns: 1, frames })
    .uids({ study, series, instance: `${series}.1` })
    .set('SOPClassUID', 'UI', [BREAST_TOMOSYNTHESIS_IMAGE_STORAGE])
    .set('Modality', 'CS', ['MG'])
    .set('SeriesNumber', 'IS', [1])
    .set('StudyDescription', 'LO', ['Tomosynthesis'])
    .set('SeriesDescription', 'LO', ['L MLO'])
    .set('Rows', 'US', [rows])
    .set('Columns', 'US', [columns])
    .set('BitsStored', 'US', [12])
    .set('HighBit', 'US', [11])
    .set('PixelRepresentation', 'US', [0])
    .set('WindowCenter', 'DS', [1_600])
    .set('WindowWidth', 'DS', [2_600])
    .pixels(new Uint8Array(values.buffer))
    .build()
}

/** Bytes that a generator of random numbers makes, each somewhat like its neighbours. */
function noise(columns: number, rows: number): Uint8Array {
  const out = new Uint8Array(columns * rows)
  let state = 20_261
  for (let at = 0; at < out.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    out[at] = ((state >>> 24) + 2 * (out[at - 1] ?? 0) + (out[at - columns] ?? 0)) / 4
  }
  return out
}

function paintSector(speckle: Uint8Array, frame: number, columns: number, rows: number): Uint8Array {
  const out = new Uint8Array(columns * rows * 3)
  const beat = Math.sin((frame / 30) * 2 * Math.PI)
  const [across, down] = [frame % columns, Math.round((1 + beat) * rows * 0.05)]
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [right, depth] = [(x - columns / 2) / rows, y / rows]
      if (Math.abs(right) > 0.75 * depth || Math.hypot(right, depth) > 0.95) continue
      const wall = 60 + 60 * Math.sin(14 * Math.hypot(right, depth - 0.5) + 2 * beat)
      const grain = speckle[(y + down) * columns * 2 + x + across] ?? 0
      const light = Math.min(255, (wall * grain) / 110)
      const to = (y * columns + x) * 3
      const flow = Math.hypot(right, depth - 0.55) < 0.12 ? 90 * Math.sin(20 * right + 3 * beat) : 0
      out[to] = Math.min(255, light + Math.max(0, flow))
      out[to + 1] = light
      out[to + 2] = Math.min(255, light + Math.max(0, -flow))
    }
  }
  return out
}
