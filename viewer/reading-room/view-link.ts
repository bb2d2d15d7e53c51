import { z } from 'zod'
import type { ViewportState } from '../imaging/viewport.ts'
import { frameOf } from './frame-of.ts'

const uid = z.string().regex(/^[\d.]{1,100}$/)
const number = z.coerce.number()

/** One image as somebody looked at it, to be looked at again. */
const ViewLink = z.object({
  series: uid,
  image: uid,
  /** 1-based. */
  frame: number.int().positive().default(1),
  /** Of the window; both or none. */
  center: number.optional(),
  width: number.positive().optional(),
})

/** What a link names. */
export interface LinkedView {
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  readonly frameNumber: number
  /** Undefined: as the image has it. */
  readonly window: { readonly center: number; readonly width: number } | undefined
}

/** The address of what a pane shows: UIDs and a window, nothing that names a patient. Undefined: nothing of the archive is shown. */
export function viewLinkOf({ image, choice, window }: ViewportState): string | undefined {
  if (image === undefined || image.computed !== undefined) return undefined
  const frame = frameOf(image)
  const search = new URLSearchParams({ series: frame.seriesInstanceUid, image: frame.sopInstanceUid })
  if (image.numberOfFrames > 1) search.set('frame', String(frame.frameNumber))
  // What the file says needs no saying.
  if (choice.window !== undefined && window !== undefined) {
    search.set('center', String(window.center))
    search.set('width', String(window.width))
  }
  return `/studies/${frame.studyInstanceUid}?${search.toString()}`
}

/** What the address of a page names; undefined: a study and no more. */
export function parseViewLink(search: string): LinkedView | undefined {
  const read = ViewLink.safeParse(Object.fromEntries(new URLSearchParams(search)))
  if (!read.success) return undefined
  const { series, image, frame, center, width } = read.data
  return {
    seriesInstanceUid: series,
    sopInstanceUid: image,
    frameNumber: frame,
    window: center === undefined || width === undefined ? undefined : { center, width },
  }
}
