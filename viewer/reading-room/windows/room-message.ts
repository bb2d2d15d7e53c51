import { z } from 'zod'
import type { PrimaryTool } from '../../imaging/pane-tools.ts'
import { LedImage, LedView } from '../links/led-view.ts'
import { isMarkKind } from '../mark-keys.ts'

const MOVES: readonly string[] = ['window', 'pan', 'zoom', 'scroll', 'place']
/** Panes of one window. */
const MOST_PANES = 16

const uid = z.string().regex(/^[\d.]{1,64}$/)
const finite = z.number().refine(Number.isFinite)
const tool = z.custom<PrimaryTool>(
  (value) => typeof value === 'string' && (MOVES.includes(value) || isMarkKind(value)),
)
const links = z.object({
  scroll: z.boolean(),
  zoom: z.boolean(),
  window: z.boolean(),
  all: z.boolean(),
})

/**
 * What the windows of one reader tell each other. UIDs, places and figures: who the patient is each asks the archive for
 * itself, which decides whether it may know.
 */
export const RoomMessage = z.discriminatedUnion('kind', [
  /** A window is there, with the studies on its screen; `asks`: and wants to know who else is. */
  z.object({ kind: z.literal('here'), studies: z.array(uid).max(MOST_PANES + 1), asks: z.boolean() }),
  z.object({ kind: z.literal('gone') }),
  /** The reader's hand is in this window: it leads. */
  z.object({ kind: z.literal('hand') }),
  z.object({ kind: z.literal('led'), view: LedView }),
  /** The images on its screen, the active pane's first: where they cut through others is drawn there. */
  z.object({ kind: z.literal('shown'), images: z.array(LedImage).max(MOST_PANES) }),
  z.object({
    kind: z.literal('place'),
    frameOfReference: z.string().min(1).max(100),
    at: z.tuple([finite, finite, finite]),
  }),
  z.object({ kind: z.literal('tool'), tool }),
  z.object({ kind: z.literal('links'), links }),
])
export type RoomMessage = z.infer<typeof RoomMessage>

/** A message with the window that sent it. */
const Envelope = z.object({ from: z.string().regex(/^[\w-]{1,64}$/), message: RoomMessage })

/** Undefined: it is no message of ours, or of another version of the application. */
export function parseEnvelope(received: unknown): z.infer<typeof Envelope> | undefined {
  const read = Envelope.safeParse(received)
  return read.success ? read.data : undefined
}
