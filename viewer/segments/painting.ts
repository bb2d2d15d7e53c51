import type { Rgb } from '../../core/dicom/drawn/colour.ts'
import { ownColour } from '../../core/dicom/drawn/colour.ts'
import { newUid } from '../../core/dicom/uid.ts'
import type { Runs } from '../../core/measurements/segments/runs.ts'
import { isOfGrid, type Segment } from '../../core/measurements/segments/segment.ts'
import type { DrawnStore } from '../marks/drawn-store.ts'

export type BrushMode = 'brush' | 'threshold'

/** What is in the hand that paints. */
export interface BrushChoice {
  readonly mode: BrushMode
  readonly erases: boolean
  /** Columns of the image. */
  readonly radius: number
  /** Values that the threshold brush paints, in the unit that is shown. */
  readonly from: number
  readonly to: number
}

/** Columns; more is no brush. */
export const [LEAST_RADIUS, MOST_RADIUS] = [0.5, 200] as const
/** As one sees a difference. */
const RADIUS_STEP = 1.25

/** A frame as painting finds its segments. */
export type PaintedFrame = Pick<Segment, 'studyInstanceUid' | 'seriesInstanceUid' | 'rows' | 'columns'> & {
  readonly sopInstanceUid: string
  readonly frameNumber: number
}

/** The segments of a reading room and the brush: what panes draw, and what they change. */
export interface Painting {
  readonly store: DrawnStore<Segment>
  brush(): BrushChoice
  choose(part: Partial<BrushChoice>): void
  /** @param steps larger above zero */
  resize(steps: number): void
  /** The segment in hand; undefined: none yet. */
  active(): Segment | undefined
  activate(trackingUid: string): void
  /** What would be painted on a frame: the segment in hand, another of the same series, or a new one that is nowhere yet. */
  targetOn(frame: PaintedFrame): Segment
  /** A new segment for a series, in hand; it can be undone. */
  add(frame: PaintedFrame): Segment
  /** Puts paint on frames of a segment in place of what was there: '' clears. One step to undo. */
  paint(segment: Segment, slices: readonly PaintedRuns[], assisted: boolean): void
  /** Told when the brush or the segment in hand is another; changes of segments are the store's to tell. */
  subscribe(listener: () => void): () => void
}

export interface PaintedRuns {
  readonly sopInstanceUid: string
  readonly frameNumber: number
  readonly runs: Runs
}

export const isOnSlice = (
  slice: { readonly sopInstanceUid: string; readonly frameNumber: number },
  frame: { readonly sopInstanceUid: string; readonly frameNumber: number },
): boolean => slice.sopInstanceUid === frame.sopInstanceUid && slice.frameNumber === frame.frameNumber

export function createPainting(store: DrawnStore<Segment>): Painting {
  let brush: BrushChoice = { mode: 'brush', erases: false, radius: 6, from: 0, to: 300 }
  let active = ''
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach((listener) => listener())

  const current = (): Segment | undefined => store.list().find(({ trackingUid }) => trackingUid === active)

  function fresh({ studyInstanceUid, seriesInstanceUid, rows, columns }: PaintedFrame): Segment {
    return {
      trackingUid: newUid(),
      label: '',
      kind: 'lesion',
      colour: [...nextColour(store.list())],
      hidden: false,
      assisted: false,
      studyInstanceUid,
      seriesInstanceUid,
      rows,
      columns,
      slices: [],
    }
  }

  return {
    store,
    brush: () => brush,
    choose(part) {
      brush = { ...brush, ...part }
      tell()
    },
    resize(steps) {
      const radius = brush.radius * RADIUS_STEP ** steps
      brush = { ...brush, radius: Math.max(LEAST_RADIUS, Math.min(MOST_RADIUS, radius)) }
      tell()
    },
    active: current,
    activate(trackingUid) {
      active = trackingUid
      tell()
    },
    targetOn(frame) {
      const own = current()
      if (own !== undefined && isOfGrid(own, frame)) return own
      return store.list().findLast((segment) => isOfGrid(segment, frame)) ?? fresh(frame)
    },
    add(frame) {
      const segment = fresh(frame)
      active = segment.trackingUid
      store.put(segment)
      tell()
      return segment
    },
    paint(segment, slices, assisted) {
      // As it is now: it may have been changed while the stroke was drawn.
      const known = store.list().find(({ trackingUid }) => trackingUid === segment.trackingUid) ?? segment
      const rest = known.slices.filter((slice) => !slices.some((each) => isOnSlice(each, slice)))
      const painted = slices.filter(({ runs }) => runs !== '')
      active = segment.trackingUid
      store.put({
        ...known,
        assisted: known.assisted || assisted,
        slices: [...rest, ...painted],
      })
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The first that no segment has yet. */
function nextColour(segments: readonly Segment[]): Rgb {
  const index = segments.findIndex((_, at) =>
    segments.every(({ colour }) => !isSameColour(colour, ownColour(at))),
  )
  return ownColour(index < 0 ? segments.length : index)
}

const isSameColour = (one: readonly number[], other: Rgb): boolean =>
  one.every((each, at) => each === other[at])
