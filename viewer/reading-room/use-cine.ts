import { useEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { openCinePlayer, type CinePlayer } from '../imaging/cine/cine-player.ts'
import { clipAt, rateOf, type Clip } from '../imaging/cine/clip.ts'
import { openPaceMeter, type Pace } from '../imaging/cine/pace.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import { frameLoader } from '../imaging/start-imaging.ts'
import type { ImagingViewport, ViewportState } from '../imaging/viewport.ts'

interface Cine {
  /** There is something to be played. */
  readonly available: boolean
  readonly playing: boolean
  /** It is played, and does not hold its rate. */
  readonly pace: SaidPace | undefined
  toggle(): void
}

export interface SaidPace {
  readonly pace: Pace
  /** What is kept of the clip instead. */
  readonly keeps: Clip['keeps']
}

/** What is said of the rate changes so seldom. Milliseconds. */
const SAID_EVERY = 500

/**
 * Plays the clip that is looked at, at its own rate; of single images the whole stack at `rate` (images a second; without one, not
 * at all). Whoever goes to another image plays on from there.
 *
 * @param isReady the pane can be driven
 * @param atOnce sequences in time play when they are opened
 */
export function useCine(
  viewport: RefObject<ImagingViewport | undefined>,
  state: RefObject<ViewportState | undefined>,
  images: readonly StackImage[],
  { rate, isReady, atOnce }: { rate: number | undefined; isReady: boolean; atOnce: boolean },
): Cine {
  const [playing, setPlaying] = useState(false)
  const [pace, setPace] = useState<SaidPace>()
  const opened = useRef<readonly StackImage[]>(undefined)
  const available = useMemo(
    () => images.some((image) => image.numberOfFrames > 1) || clipAt(images, 0, rate) !== undefined,
    [images, rate],
  )

  useEffect(() => setPlaying(false), [images])
  useEffect(() => {
    if (!isReady || images.length === 0 || opened.current === images) return
    opened.current = images
    if (atOnce && clipAt(images, 0)?.keeps === 'time') setPlaying(true)
  }, [images, isReady, atOnce])
  useEffect(() => {
    if (!playing) return
    const shown = (): ViewportState | undefined => state.current
    const close = play(images, rate, () => viewport.current, shown, setPace)
    return () => {
      close()
      setPace(undefined)
    }
  }, [playing, images, rate, viewport, state])

  return { available, playing, pace, toggle: () => setPlaying((before) => available && !before) }
}

interface Playing {
  readonly player: CinePlayer
  readonly meter: ReturnType<typeof openPaceMeter>
  readonly clip: Clip
}

function play(
  images: readonly StackImage[],
  rate: number | undefined,
  pane: () => ImagingViewport | undefined,
  shown: () => ViewportState | undefined,
  say: (pace: SaidPace | undefined) => void,
): () => void {
  let current: Playing | undefined
  let asked = -1
  let seen = -1
  let saidAt = 0
  let followed: ImagingViewport | undefined

  function begin(viewport: ImagingViewport, place: number, now: number): Playing | undefined {
    const clip = clipAt(images, place, rate)
    const before = current
    if (clip === undefined) return undefined
    const isSame = before !== undefined && before.clip.order[0] === clip.order[0]
    const meter = isSame ? before.meter : openPaceMeter(rateOf(clip))
    const player = openCinePlayer(clip, place, now, (each) => viewport.arrived(each) !== 'missing', {
      missed: (count) => (frameLoader().isDecoderBehind() ? meter.skipped(count) : meter.missed(count)),
      skipped: (count) => meter.skipped(count),
    })
    viewport.follow(player)
    followed = viewport
    return { player, meter, clip }
  }

  let frame = requestAnimationFrame(function draw(now) {
    frame = requestAnimationFrame(draw)
    const viewport = pane()
    if (viewport === undefined) return
    const wanted = viewport.wanted()
    if (current === undefined || followed !== viewport || wanted !== asked) {
      current = begin(viewport, wanted, now)
      asked = wanted
    }
    if (current === undefined) return
    const { player, meter, clip } = current
    meter.tick(now)
    const index = shown()?.index ?? -1
    // What is on the screen is counted, not what was asked for.
    if (index !== seen) meter.shown()
    seen = index
    const next = player.step(now)
    if (next !== undefined) {
      viewport.goTo(next)
      // Of tiles the last page has less far to go.
      asked = viewport.wanted()
    }
    if (now - saidAt < SAID_EVERY) return
    saidAt = now
    const pace = meter.pace()
    say(pace && { pace, keeps: clip.keeps })
  })
  return () => {
    cancelAnimationFrame(frame)
    followed?.follow(undefined)
  }
}
