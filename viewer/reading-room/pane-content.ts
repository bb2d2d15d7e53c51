import { PLANE_NAMES, type PlaneName } from '../../core/volume/reformat-planes.ts'

/** What a pane shows: a series as it was received, or planes computed through it. A text, so that two can be compared. */
export type PaneContent = string

const BETWEEN = '~'

export const planesOf = (seriesInstanceUid: string, plane: PlaneName): PaneContent =>
  `${seriesInstanceUid}${BETWEEN}${plane}`

/** Series Instance UID of what a pane shows. */
export const seriesIn = (content: PaneContent | undefined): string | undefined => content?.split(BETWEEN)[0]

/** Undefined: as it was received. */
export function planeIn(content: PaneContent | undefined): PlaneName | undefined {
  const name = content?.split(BETWEEN)[1]
  return PLANE_NAMES.find((each) => each === name)
}

/** Rows and columns of images, of one series in one pane. */
export interface Tiling {
  readonly rows: number
  readonly columns: number
}

export const tilesOf = (seriesInstanceUid: string, { rows, columns }: Tiling): PaneContent =>
  rows * columns === 1 ? seriesInstanceUid : `${seriesInstanceUid}${BETWEEN}${rows}x${columns}`

/** Undefined: one image at a time. */
export function tilesIn(content: PaneContent | undefined): Tiling | undefined {
  const [, rows, columns] = /^([1-4])x([1-4])$/.exec(content?.split(BETWEEN)[1] ?? '') ?? []
  return rows === undefined || columns === undefined
    ? undefined
    : { rows: Number(rows), columns: Number(columns) }
}
