import { rateOf, type Clip } from './clip.ts'

/** What is fetched follows what was late only after so many images: those under way were asked for before. */
const ADAPTS_AFTER = 8
/** So long an image stands at most while the time of its clip runs: beyond that nothing is seen to move. Milliseconds. */
const STANDS_MOST = 250

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

/** What became of images that were due. */
export interface DueImages {
  shown(): void
  /** So many were due, and not here. */
  missed(count: number): void
  /** So many were here, and the screen was not drawn in time. */
  skipped(count: number): void
}

/**
 * Begins at a place of the stack. Where images are late, of a clip that keeps its time the fetching leaves out every other one
 * (of these again every other one), so that what is shown is even; what was left out is fetched when the rest is here.
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
  let changedAt = shown
  let lateInLap = false
  const timeOf = (step: number): number => Math.floor(step / laps) * length + (due[step % laps] ?? 0)
  const placeOf = (step: number): number => order[step % laps] ?? place
  /** What the clock says when the clip begins. */
  let zero = now - timeOf(shown)

  function late(step: number): void {
    if (step - changedAt < ADAPTS_AFTER) return
    lateInLap = true
    changedAt = step
    stride = Math.min(most, stride * 2)
  }

  function show(step: number): number {
    if (Math.floor(step / laps) > Math.floor(shown / laps)) {
      // A lap without: the link is as good as it has to be.
      if (!lateInLap) stride = Math.max(1, stride / 2)
      lateInLap = false
    }
    shown = step
    told.shown()
    return placeOf(step)
  }

  /** Whatever its time says, one after the other. */
  function stepByOne(at: number): number | undefined {
    const next = shown + 1
    if (at - zero < timeOf(next)) return undefined
    if (!isHere(placeOf(next))) {
      told.missed(1)
      zero = at - timeOf(next)
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
    for (let step = last; step > shown; step--) {
      if (!isHere(placeOf(step))) continue
      const between = Array.from({ length: step - shown - 1 }, (_, index) => placeOf(shown + 1 + index))
      const skipped = between.filter(isHere).length
      told.skipped(skipped)
      told.missed(between.length - skipped)
      if (between.length > skipped) late(step)
      // Who was away for more than a lap goes on from here.
      if (last - shown >= laps) zero = at - timeOf(step)
      return show(step)
    }
    late(last)
    told.missed(1)
    const mostTime = timeOf(shown + 1) + Math.max(STANDS_MOST, timeOf(shown + 1) - timeOf(shown))
    zero = Math.max(zero, at - mostTime)
    return undefined
  }

  return {
    step: keeps === 'every' ? stepByOne : stepInTime,
    ahead() {
      const places = new Set<number>()
      for (let every = stride; every >= 1; every /= 2)
        for (let step = shown + 1; step <= shown + laps; step++)
          if (((step % laps) % every) === 0) places.add(placeOf(step))
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

/** The largest power of two with which nothing stands for too long. */
function strideFor(clip: Clip): number {
  const frames = (STANDS_MOST / 1000) * rateOf(clip)
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, frames))))
}
