import { z } from 'zod'

/** As many as one answer gives. */
export const MOST_FRAMES = 5_000

const Uid = z
  .string()
  .regex(/^[\d.]+$/)
  .max(64)

/** Bytes of a frame as it is served, from the first on, up to and without the other; without it to the end. */
const Part = z
  .strictObject({ from: z.number().int().min(0), to: z.number().int().min(1).optional() })
  .refine(({ from, to = Infinity }) => from < to, 'the part is empty')

const WantedFrame = z.strictObject({
  /** SOP Instance UID. */
  instance: Uid,
  /** From 1. */
  frame: z.number().int().min(1).default(1),
  part: Part.optional(),
})
export type WantedFrame = z.infer<typeof WantedFrame>

/**
 * Frames of one series in one answer, in this order; without a list all of them, from the middle of the series outwards.
 * `part`: of each that does not name another.
 */
export const FrameStreamRequest = z.strictObject({
  frames: z.array(WantedFrame).min(1).max(MOST_FRAMES).optional(),
  part: Part.optional(),
})
export type FrameStreamRequest = z.input<typeof FrameStreamRequest>
