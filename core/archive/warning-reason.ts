import { PATIENT_DIFFERS } from './store-instance.ts'

/** Data Set does not match SOP Class (PS3.18 I.2.1, PS3.4 table B.2-1). */
const DOES_NOT_MATCH = 0xb007

/** Of what is noted of a stored instance, that which says it is not what its SOP Class, or its study, has it to be. */
const MISMATCHES: ReadonlySet<string> = new Set([
  'meta-class-differs',
  'pixels-not-described',
  'pixel-data-missing',
  'pixel-data-short',
  'frames-missing',
  PATIENT_DIFFERS,
])

/**
 * The Warning Reason (0008,1196) of a stored instance, or undefined. How its bytes had to be read is none: they are kept
 * as they came, so nothing was coerced (B000) or discarded (B006), and the encoding is no constraint of a SOP Class.
 */
export const warningReasonOf = (warnings: readonly string[]): number | undefined =>
  warnings.some((warning) => MISMATCHES.has(warning)) ? DOES_NOT_MATCH : undefined
