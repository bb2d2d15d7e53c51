import { rateOf, type Clip } from './clip.ts'

/** So long an image stands at most while the time of its clip runs: beyond that nothing is seen to move. Milliseconds. */
const STANDS_MOST = 250
/** Of the time in which it played, a clip may lose so much by waiting before images are left out; judged on no less than the other, ms. */
const LOSES_MOST = 0.1
const JUDGED_ON = 600
/** So far ahead images are had first that are far from each other, then those between them. Milliseconds. */
const LOOKS_AHEAD = 2_000

/** Plays one clip by a clock that it is told. */
export interface CinePlayer {
  /**
   * The place in the stack of the image that is to be shown now; undefined: the one that is. To be called as often as the
   * screen is drawn.
   *
   * @param now milliseconds, any origin
   */
  step(now: number): number | undefined
  /** Places in the stack in the order in which they are wanted from now on, each once. */
  ahead(): number[]
  /** How many images of the lap come before this one does; infinite: it does not. */
  away(place: number): number
}

/** What became of images that were due, and not shown. */
export interface DueImages {
  /** So many were due, and not here. */
  missed(count: number): void
  /** So many were here, and the screen was not drawn in time. */
  skipped(count: number): void
}

/**
 * Begins at a place of the stack. A clip that keeps its time waits for an image no longer than nothing is seen to move. Where it
 * loses time by that, every other image is fetched first (of these again every other one), so that what is shown is even; those
 * between are fetched when there is time, or in the next lap.
 *
 * @param isHere whether the image at a place of the stack can be shown
 */
export function openCinePlayer(
  clip: Clip,
  place: number,
  now: number,
  isHere: (place: number) => boolean,
  told: DueImages,
): CinePlayer {
  const { order, due, length, keeps } = clip
  const laps = order.length
  const most = keeps === 'every' ? 1 : strideFor(clip)
  /** Steps are counted on from lap to lap. */
  let shown = Math.max(0, order.indexOf(place))
  /** Of the frames ahead every so many are fetched first. */
  let stride = 1
  /** Since when it is judged, and how much of the time since then was lost by waiting. */
  let [judgedSince, lost] = [now, 0]
  let lateInLap = false
  const timeOf = (step: number): number => Math.floor(step / laps) * length + (due[step % laps] ?? 0)
  const placeOf = (step: number): number => order[step % laps] ?? place
  /** Nothing was here of what was due, when it was looked last. */
  let isWaiting = false
  /** What the clock says when the clip begins. */
  let zero = now - timeOf(shown)

  /** The clock stands, or stood, as it does at this time of the clip. */
  function lose(at: number, time: number): void {
    if (at - time <= zero) return
    lost += at - time - zero
    zero = at - time
    const judged = at - judgedSince
    if (judged < JUDGED_ON) return
    if (lost > judged * LOSES_MOST) {
      stride = Math.min(most, stride * 2)
      lateInLap = true
    }
    ;[judgedSince, lost] = [at, 0]
  }

  function wait(at: number, time: number): void {
    isWaiting = true
    told.missed(1)
    lose(at, time)
  }

  function show(step: number): number {
    if (Math.floor(step / laps) > Math.floor(shown / laps)) {
      // A lap without: the link is as good as it has to be.
      if (!lateInLap) stride = Math.max(1, stride / 2)
      lateInLap = false
    }
    shown = step
    isWaiting = false
    return placeOf(step)
  }

  /** Whatever its time says, one after the other. */
  function stepByOne(at: number): number | undefined {
    const next = shown + 1
    if (at - zero < timeOf(next)) return undefined
    if (!isHere(placeOf(next))) {
      wait(at, timeOf(next))
      return undefined
    }
    // What was lost is not made up for.
    zero = Math.max(zero, at - timeOf(next + 1))
    return show(next)
  }

  function stepInTime(at: number): number | undefined {
    let last = shown
    while (last - shown < laps && at - zero >= timeOf(last + 1)) last++
    if (last === shown) return undefined
    const here = range(shown + 1, last).filter((step) => isHere(placeOf(step)))
    const [first] = here
    let next = here.at(-1)
    if (first !== undefined && next !== undefined) {
      if (isWaiting && at - zero >= timeOf(first + 1)) {
        // It is late, and so will be the next: they are seen, each, rather than left out.
        next = first
        lose(at, timeOf(next))
      } else {
        told.skipped(here.length - 1)
        told.missed(next - shown - here.length)
      }
      // Who was away for more than a lap goes on from here.
      if (last - shown >= laps) zero = at - timeOf(next)
      return show(next)
    }
    const stood = timeOf(shown + 1) - timeOf(shown)
    wait(at, timeOf(shown + 1) + Math.max(0, STANDS_MOST - stood))
    return undefined
  }

  return {
    step: keeps === 'every' ? stepByOne : stepInTime,
    ahead() {
      const places = new Set<number>()
      const window = Math.max(1, Math.round((LOOKS_AHEAD / 1000) * rateOf(clip)))
      for (let from = shown + 1; from <= shown + laps; from += window)
        for (let every = stride; every >= 1; every /= 2)
          for (let step = from; step < from + window; step++)
            if ((step % laps) % every === 0) places.add(placeOf(step))
      return [...places]
    },
    away(each) {
      const found = order.indexOf(each, (shown % laps) + 1)
      if (found >= 0) return found - (shown % laps)
      const again = order.indexOf(each)
      return again < 0 ? Infinity : again + laps - (shown % laps)
    },
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** The largest power of two with which nothing stands for too long. */
function strideFor(clip: Clip): number {
  const frames = (STANDS_MOST / 1000) * rateOf(clip)
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, frames))))
}
