import { z } from 'zod'

/**
 * Shapes of what a person changed of the reading room. Only that: what is left out is as the product has it, so that a
 * better default reaches everybody who never chose.
 */

export const DRAG_ACTIONS = ['window', 'pan', 'zoom', 'scroll'] as const
/** What dragging with a button held down does; `none`: nothing. */
export const DragAction = z.enum([...DRAG_ACTIONS, 'none'])
export type DragAction = z.infer<typeof DragAction>

/** What the wheel does; `leap`: ten images a notch; `window`: the width of the window. */
export const WheelAction = z.enum(['scroll', 'leap', 'zoom', 'window', 'none'])
export type WheelAction = z.infer<typeof WheelAction>

/** How far a drag takes one, in times of what is usual. */
const Speed = z.number().min(0.25).max(4)

/** What buttons and wheel do. */
export const Mouse = z.object({
  /** The tool in hand when nothing else was taken. */
  left: z.enum(DRAG_ACTIONS),
  middle: DragAction,
  right: DragAction,
  /** Left and right held together. */
  both: DragAction,
  wheel: WheelAction,
  wheelControl: WheelAction,
  wheelShift: WheelAction,
  windowSpeed: Speed,
  /** What dragging up does to the image. */
  windowUp: z.enum(['darker', 'brighter']),
  scrollSpeed: Speed,
  /** Whether a drag or a turn of the wheel downwards goes to the image before. */
  scrollReversed: z.boolean(),
})
export type Mouse = z.infer<typeof Mouse>
export const MouseSettings = Mouse.partial()
export type MouseSettings = z.infer<typeof MouseSettings>

/** A place on the keyboard with what is held beside it. */
export const KeyCombination = z.object({
  /** `KeyboardEvent.code`. */
  code: z.string().min(1).max(32),
  shift: z.literal(true).optional(),
  /** Control, or Command on a Mac. */
  control: z.literal(true).optional(),
  alt: z.literal(true).optional(),
})
export type KeyCombination = z.infer<typeof KeyCombination>

/** By command; null: it has no key. */
export const KeySettings = z
  .record(z.string().min(1).max(80), KeyCombination.nullable())
  .refine((keys) => Object.keys(keys).length <= 400, { message: 'That is more than there are commands.' })
export type KeySettings = z.infer<typeof KeySettings>

/** In the values of the modality: Hounsfield units of CT, uptake (SUV) of PET. */
export const OwnWindow = z.object({
  name: z.string().trim().min(1).max(40),
  width: z.number().positive().max(1e7),
  center: z.number().min(-1e7).max(1e7),
})
export type OwnWindow = z.infer<typeof OwnWindow>

export const ReadingSettings = z.object({
  mouse: MouseSettings.optional(),
  keys: KeySettings.optional(),
  /** By modality: all of its presets, in the order of the number keys. */
  windows: z.record(z.string().regex(/^[A-Z]{2,16}$/), z.array(OwnWindow).max(40)).optional(),
  /** What is written over images when a study is opened. */
  texts: z.enum(['full', 'minimal', 'off']).optional(),
  /** Images a second, of a stack that does not say. */
  cineRate: z.number().min(1).max(60).optional(),
  /** Whether sequences in time play as soon as they are opened. */
  cineAtOnce: z.boolean().optional(),
  /** Whether enlarged pixels flow into one another. */
  smooth: z.boolean().optional(),
})
export type ReadingSettings = z.infer<typeof ReadingSettings>

// --- GET /api/settings/reading; version 0: nothing was changed yet. PUT sends the version it was read with.
export const KeptReadingSettings = z.object({
  version: z.number().int().min(0),
  settings: ReadingSettings,
})
export type KeptReadingSettings = z.infer<typeof KeptReadingSettings>
export const WrittenSettings = z.object({ version: z.number().int() })
