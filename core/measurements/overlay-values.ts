import type { DicomJson } from '../dicom/dicom-json.ts'
import { doseGridOf } from './dose-grid.ts'
import { intensityOf } from './intensity-of.ts'

/** What the values of a series are worth that is laid over another. */
export interface OverlayValues {
  /** Which window and colours suit it. */
  readonly kind: 'uptake' | 'dose' | 'other'
  /** UCUM. */
  readonly unit: string
  /** So many of the unit for one of the values after the modality transformation. */
  readonly scale: number
}

/** Scales that differ by less are one: what rounded times make of the uptake of one bed position and the next. */
const SAME_SCALE = 5e-3

/**
 * The unit of all images of a series, and one scale to it: uptake where all know it alike, else the values as they are.
 */
export function overlayValues(instances: readonly DicomJson[]): OverlayValues {
  const [first] = instances
  const dose = first && doseGridOf(first)
  if (dose !== undefined) return { kind: 'dose', unit: dose.unit, scale: dose.scale }
  const meanings = instances.map(intensityOf)
  const [own] = meanings
  if (own === undefined) return { kind: 'other', unit: '1', scale: 1 }
  const isOne = meanings.every(
    ({ unit, scale }) => unit === own.unit && Math.abs(scale / own.scale - 1) < SAME_SCALE,
  )
  if (!isOne) return { kind: 'other', unit: '1', scale: 1 }
  return { kind: own.intensity === 'suv-bw' ? 'uptake' : 'other', unit: own.unit, scale: own.scale }
}
