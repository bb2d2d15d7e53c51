import { seriesIn, tilesIn, tilesOf, type PaneContent, type Tiling } from './pane-content.ts'

/** Rows and columns of panes, 1 to 4 each. */
export interface Layout {
  readonly rows: number
  readonly columns: number
}

/** What stands where. Panes are numbered row by row; a pane beyond the layout keeps its series for when it is back. */
export interface Arrangement {
  readonly layout: Layout
  /** What each pane shows; undefined: empty. */
  readonly series: readonly (PaneContent | undefined)[]
  /** The pane that keys and buttons are for. */
  readonly active: number
  /** The active pane fills the room. */
  readonly maximised: boolean
}

export const MOST_ROWS = 4
export const MOST_COLUMNS = 4

export const paneCount = ({ rows, columns }: Layout): number => rows * columns

/** One pane with the series that is to be read first. */
export const singlePane = (seriesInstanceUid: string | undefined): Arrangement => ({
  layout: { rows: 1, columns: 1 },
  series: [seriesInstanceUid],
  active: 0,
  maximised: false,
})

/**
 * Another layout: what is shown stays where it is, and panes that were empty get the series that follow, in the order of
 * the study, each once.
 */
export function withLayout(before: Arrangement, layout: Layout, inOrder: readonly string[]): Arrangement {
  const count = paneCount(layout)
  const series = Array.from({ length: Math.max(count, before.series.length) }, (_, at) => before.series[at])
  const shown = new Set(series.slice(0, count).map(seriesIn))
  const start = Math.max(0, inOrder.indexOf(seriesIn(series[before.active]) ?? '') + 1)
  const following = [...inOrder.slice(start), ...inOrder.slice(0, start)].filter((uid) => !shown.has(uid))
  for (let at = 0; at < count; at++) series[at] ??= following.shift()
  return { layout, series, active: before.active < count ? before.active : 0, maximised: false }
}

/** The series in the pane, which becomes the active one. A pane of tiles stays one. */
export function withSeries(before: Arrangement, pane: number, seriesInstanceUid: string): Arrangement {
  const series = [...before.series]
  const tiling = tilesIn(before.series[pane])
  series[pane] = tiling === undefined ? seriesInstanceUid : tilesOf(seriesInstanceUid, tiling)
  return { ...before, series, active: pane }
}

/** The series of the active pane as so many images at a time. */
export function withTiles(before: Arrangement, tiling: Tiling): Arrangement {
  const uid = seriesIn(before.series[before.active])
  if (uid === undefined) return before
  const series = [...before.series]
  series[before.active] = tilesOf(uid, tiling)
  return { ...before, series }
}

/** The next or previous pane, around. A maximised room shows it instead. */
export function withNextPane(before: Arrangement, by: 1 | -1): Arrangement {
  const count = paneCount(before.layout)
  return { ...before, active: (before.active + by + count) % count }
}

export const withActive = (before: Arrangement, pane: number): Arrangement =>
  before.active === pane ? before : { ...before, active: pane }

/** One pane alone, or all of them again. With one pane there is nothing to change. */
export const withMaximised = (before: Arrangement, pane = before.active): Arrangement =>
  paneCount(before.layout) === 1 ? before : { ...before, active: pane, maximised: !before.maximised }

/** The panes on screen. */
export function visiblePanes({ layout, active, maximised }: Arrangement): number[] {
  return maximised ? [active] : Array.from({ length: paneCount(layout) }, (_, pane) => pane)
}

/** The same panes with the same in them are on screen. */
export const isSameShown = (a: Arrangement, b: Arrangement): boolean => {
  const shown = (each: Arrangement): string =>
    visiblePanes(each)
      .map((pane) => `${pane} ${each.series[pane] ?? ''}`)
      .join('\n')
  return shown(a) === shown(b)
}
