import { COMPUTED_VIEWS, type ComputedView } from '../../core/contract/hanging.ts'
import { PLANE_NAMES, type PlaneName } from '../../core/volume/reformat-planes.ts'

/** What a pane shows: a series as it was received, or what is computed of it. A text, so that two can be compared. */
export type PaneContent = string

const BETWEEN = '~'
/** What is laid over it in colour. */
const OVER = '+'

export const planesOf = (seriesInstanceUid: string, computed: ComputedView): PaneContent =>
  `${seriesInstanceUid}${BETWEEN}${computed}`

const VOLUME = 'volume'

export const volumeOf = (seriesInstanceUid: string): PaneContent => `${seriesInstanceUid}${BETWEEN}${VOLUME}`

/** Whether it is the volume of a series, in three dimensions. */
export const isVolume = (content: PaneContent | undefined): boolean =>
  baseIn(content)?.split(BETWEEN)[1] === VOLUME

/** Series Instance UID of what a pane shows. */
export const seriesIn = (content: PaneContent | undefined): string | undefined =>
  content?.split(OVER)[0]?.split(BETWEEN)[0]

/** What a pane shows without what is laid over it. */
export const baseIn = (content: PaneContent | undefined): PaneContent | undefined => content?.split(OVER)[0]

/** What is laid over it: a series, or of a series an instance after a stroke; undefined: nothing. */
export const overlayIn = (content: PaneContent | undefined): string | undefined => content?.split(OVER)[1]

export const withOverlay = (content: PaneContent, overlay: string | undefined): PaneContent =>
  [content.split(OVER)[0], ...(overlay === undefined ? [] : [overlay])].join(OVER)

/** Undefined: as it was received. */
export function computedIn(content: PaneContent | undefined): ComputedView | undefined {
  const name = baseIn(content)?.split(BETWEEN)[1]
  return COMPUTED_VIEWS.find((each) => each === name)
}

/** Undefined: no plane. */
export function planeIn(content: PaneContent | undefined): PlaneName | undefined {
  const computed = computedIn(content)
  return PLANE_NAMES.find((each) => each === computed)
}

/** The series instead of a plane through it, with what is laid over it. */
export const receivedIn = (content: PaneContent | undefined): PaneContent | undefined =>
  content === undefined || planeIn(content) === undefined
    ? content
    : withOverlay(seriesIn(content) ?? '', overlayIn(content))

/** Rows and columns of images, of one series in one pane. */
export interface Tiling {
  readonly rows: number
  readonly columns: number
}

export const tilesOf = (seriesInstanceUid: string, { rows, columns }: Tiling): PaneContent =>
  rows * columns === 1 ? seriesInstanceUid : `${seriesInstanceUid}${BETWEEN}${rows}x${columns}`

/** Undefined: one image at a time. */
export function tilesIn(content: PaneContent | undefined): Tiling | undefined {
  const [, rows, columns] = /^([1-4])x([1-4])$/.exec(baseIn(content)?.split(BETWEEN)[1] ?? '') ?? []
  return rows === undefined || columns === undefined
    ? undefined
    : { rows: Number(rows), columns: Number(columns) }
}
