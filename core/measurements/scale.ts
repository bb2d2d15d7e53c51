import type { Vector } from './plane.ts'
import type { Calibration } from './shapes.ts'

/** How steps on the pixel matrix become lengths. */
export interface Scale {
  /** [x, y] of one pixel, in `unit`. */
  readonly by: Vector
  /** Millimetres only where they are known. */
  readonly unit: 'mm' | '{pixels}'
  /** [x, y] of one pixel against each other: what angles and round shapes are measured by. */
  readonly shape: Vector
}

const PIXELS: Vector = [1, 1]

/** The scale of a calibration; undefined on an ultrasound region whose axes are not both lengths: it is no plane. */
export function scaleOf(calibration: Calibration): Scale | undefined {
  switch (calibration.kind) {
    case 'patient':
    case 'calibrated':
    case 'known-length':
      return millimetres(calibration.spacing)
    case 'magnification': {
      const [x, y] = calibration.spacing
      return millimetres([x / calibration.factor, y / calibration.factor])
    }
    case 'detector':
      return calibration.accepted ? millimetres(calibration.spacing) : pixels(calibration.spacing)
    case 'none':
      return pixels(calibration.aspect)
    case 'ultrasound-region':
      return calibration.x.unit === 'mm' && calibration.y.unit === 'mm'
        ? millimetres([calibration.x.step, calibration.y.step])
        : undefined
  }
}

const millimetres = (by: Vector): Scale => ({ by, unit: 'mm', shape: by })
const pixels = (shape: Vector): Scale => ({ by: PIXELS, unit: '{pixels}', shape })
