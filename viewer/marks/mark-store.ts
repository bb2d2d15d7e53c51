import { calibrateAnew } from '../../core/measurements/reader-calibration.ts'
import { isCalibrating } from '../../core/measurements/shapes.ts'
import { createDrawnStore, type DrawnStore } from './drawn-store.ts'
import type { Mark } from './mark.ts'

/** The marks of a reading room. What one that calibrates reaches is measured anew, in the same step. */
export type MarkStore = DrawnStore<Mark>

export const createMarkStore = (): MarkStore =>
  createDrawnStore<Mark>((next, { before, after }, isAlike) => {
    const changed = after ?? before
    if (changed === undefined || !isCalibrating(changed.geometry)) return next
    return calibrateAnew(next, { before, after }, isAlike)
  })
