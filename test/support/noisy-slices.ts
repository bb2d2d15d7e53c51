import { dicom } from './dicom-builder.ts'
import { newUid } from '../../core/dicom/uid.ts'

/** What of slices is not the same in all tests. */
export interface NoisySlices {
  readonly study: string
  readonly slices: number
  /** Rows and columns of each. */
  readonly side: number
  readonly description?: string
}

/** A stack of slices with something to see and noise over it: codecs find little to save in them. */
export function noisySlices({ study, slices, side, description = 'noisy' }: NoisySlices): Buffer[] {
  const series = newUid()
  return Array.from({ length: slices }, (_, slice) =>
    dicom()
      .ct({ rows: side, columns: side })
      .pixels(new Uint8Array(noisyValues(side, slice).buffer))
      .uids({ study, series, instance: newUid() })
      .set('StudyDescription', 'LO', [description])
      .set('SeriesDescription', 'LO', [description])
      .set('SeriesNumber', 'IS', [1])
      .set('InstanceNumber', 'IS', [slice + 1])
      .set('ImagePositionPatient', 'DS', [0, 0, slice])
      .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
      .set('PixelSpacing', 'DS', [1, 1])
      .set('RescaleSlope', 'DS', [1])
      .set('RescaleIntercept', 'DS', [-1024])
      .set('WindowCenter', 'DS', [0])
      .set('WindowWidth', 'DS', [2000])
      .build(),
  )
}

/** The stored values of one slice, row by row: rings, and noise that is the same each time. */
export function noisyValues(side: number, slice: number): Int16Array {
  let seed = 7919 * (slice + 1)
  return Int16Array.from({ length: side * side }, (_, at) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    const [x, y] = [(at % side) - side / 2, Math.floor(at / side) - side / 2]
    return 1000 + Math.round(600 * Math.sin(Math.hypot(x, y) / 9)) + ((seed >> 16) % 256)
  })
}
