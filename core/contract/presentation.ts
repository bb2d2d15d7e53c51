import { z } from 'zod'
import { REPORT_LANGUAGES } from '../measurements/report/identifier.ts'
import { Calibration, Geometry, ImagePoint, isMeasured } from '../measurements/shapes.ts'

// --- POST /api/studies/{studyInstanceUid}/presentations: how I look at a series, and what is drawn on it, as a presentation state

const uid = z
  .string()
  .max(64)
  .regex(/^[0-9.]+$/)

const Window = z.object({
  center: z.number().min(-1e9).max(1e9),
  width: z.number().positive().max(1e9),
  function: z.enum(['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
})

/** A line of text: a backslash would begin another value (PS3.5 6.2). */
const line = z
  .string()
  .max(200)
  .regex(/^[^\\\x00-\x1f\x7f]*$/)

export const SavePresentation = z.object({
  language: z.enum(REPORT_LANGUAGES),
  seriesInstanceUid: uid,
  /** The image on screen. */
  sopInstanceUid: uid,
  name: line.min(1).max(64),
  look: z.object({
    /** Null: each image by its own. */
    window: Window.nullable(),
    /** Of images that name none; null in colour. */
    automatic: Window.nullable(),
    turnedOver: z.boolean(),
    rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    isFlipped: z.boolean(),
    /** Pixels [column, row], counted from 1, at two corners of what is on screen. */
    area: z.object({ topLeft: ImagePoint, bottomRight: ImagePoint }),
  }),
  marks: z
    .array(
      z.object({
        sopInstanceUid: uid,
        frameNumber: z.number().int().positive(),
        geometry: Geometry.refine(isMeasured),
        calibration: Calibration,
        lines: z.array(line).max(20),
      }),
    )
    .max(1000),
})
export type SavePresentation = z.infer<typeof SavePresentation>

export const SavedPresentation = z.object({ sopInstanceUid: z.string(), seriesInstanceUid: z.string() })
export type SavedPresentation = z.infer<typeof SavedPresentation>
