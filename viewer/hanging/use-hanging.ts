import { useEffect, useMemo, useRef, useState } from 'react'
import type { PriorStudy, StudyOpening } from '../../core/contract/api.ts'
import type { ComputedView, HangingLook, HangingOver, HangingStage } from '../../core/contract/hanging.ts'
import {
  flipsFor,
  hang,
  matchProtocols,
  priorsWanted,
  stagesFor,
  withoutEmpty,
  type HangingSeries,
  type Hung,
  type OwnedProtocol,
} from '../../core/reading/hanging-protocol.ts'
import { hangingSeries, studyFacts } from '../../core/reading/study-facts.ts'
import { AS_IT_LIES, type Presentation } from '../imaging/presentation.ts'
import { columnSpacing, type StackImage } from '../imaging/stack-image.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { ImagingViewport, ViewportState } from '../imaging/viewport.ts'
import { planesOf, withOverlay, type PaneContent } from '../reading-room/pane-content.ts'
import type { Arrangement } from '../reading-room/pane-layout.ts'
import type { StartPlace } from '../reading-room/pane-handle.ts'
import type { Panes } from '../reading-room/use-panes.ts'
import { seriesOf } from '../reading-room/series-of.ts'
import { windowOfUptake } from '../reading-room/uptake-window.ts'
import { useProtocols, type Protocols } from './use-protocols.ts'
import { screenCount } from '../reading-room/windows/screens.ts'

interface Room {
  readonly opening: StudyOpening
  readonly priors: readonly PriorStudy[]
  readonly openings: readonly StudyOpening[]
  openPrior(studyInstanceUid: string): Promise<StudyOpening | undefined>
  readonly panes: Panes
  /** A person arranged the room otherwise: from then on nothing is hung by itself. */
  readonly isArranged: boolean
  /** Forgets how a person arranged it. */
  restart(): void
}

/** A pane as the stage wants it. */
export interface HungPane {
  readonly hung: Hung
  readonly look: HangingLook
  /** Undefined: its images as they were received. */
  readonly computed: ComputedView | undefined
  /** What lies over it, and how that is looked at. */
  readonly over: HangingOver | undefined
}

export interface Hanging {
  /** Not decided yet: nothing is to be shown for a moment. */
  readonly waiting: boolean
  /** What the stage shows; undefined: no image to hang. */
  readonly arrangement: Arrangement | undefined
  /** The best first; the first is what hangs unless somebody chose. */
  readonly matching: readonly OwnedProtocol[]
  readonly current: OwnedProtocol | undefined
  readonly stages: readonly HangingStage[]
  /** Number of the stage that hangs, from 0. */
  readonly stage: number
  readonly isArranged: boolean
  readonly series: readonly HangingSeries[]
  readonly protocols: Protocols
  /** How the pane was hung, if it still shows what was. */
  lookOf(pane: number, seriesInstanceUid: string | undefined): HungPane | undefined
  choose(id: string): void
  step(by: 1 | -1): void
  /** Where a pane begins: as it hangs, or where somebody was who arranged the room since. */
  start(pane: number, seriesInstanceUid: string): StartPlace | undefined
  /** A pane drew something: it may be time to lay it out. `link`: all of them, or those that show the same. */
  arrived(pane: number, link: (all: boolean) => void): void
  /** The panes of the stage, as long as nobody arranged them otherwise. */
  readonly hungPanes: readonly (HungPane | undefined)[]
}

/** Hangs a study by the protocol that fits best, or that somebody chose, until a person arranges it otherwise. */
export function useHanging({
  opening,
  priors,
  openings,
  openPrior,
  panes,
  isArranged,
  restart,
}: Room): Hanging {
  const protocols = useProtocols(opening.study.studyInstanceUid)
  const { all } = protocols
  const [wanted, setWanted] = useState<{ id?: string; stage: number; epoch: number }>({ stage: 0, epoch: 0 })
  /** What each viewport was laid out for, so that it happens once. */
  const laid = useRef(new WeakMap<ImagingViewport, string>())
  const done = useRef({ linked: '', scaled: '' })

  const hasPriors = priors.length > 0
  const matching = useMemo(
    () => (all === undefined ? [] : matchProtocols(all, studyFacts(opening, hasPriors, screenCount()))),
    [all, opening, hasPriors],
  )
  const current = matching.find(({ id }) => id === wanted.id) ?? matching[0]
  const stages = current === undefined ? [] : stagesFor(current.protocol, hasPriors)
  const stage = Math.min(wanted.stage, Math.max(0, stages.length - 1))
  const shown = stages[stage]
  const series = useMemo(() => hangingSeries(opening, openings, priors), [opening, openings, priors])
  const { arrangement, hungPanes } = useMemo(() => arranged(shown, series), [shown, series])
  const key = `${current?.id ?? ''} ${stage} ${wanted.epoch}`

  const missing = priors
    .slice(0, shown === undefined || isArranged ? 0 : priorsWanted(shown))
    .find((prior) => !openings.some(({ study }) => study.studyInstanceUid === prior.studyInstanceUid))
  const missingUid = missing?.studyInstanceUid
  useEffect(() => {
    if (missingUid !== undefined) void openPrior(missingUid)
    // Asked for once: one that cannot be had is not asked for with every drawing.
  }, [missingUid])

  const lookOf: Hanging['lookOf'] = (pane, uid) => {
    const hung = hungPanes[pane]
    return hung !== undefined && hung.hung.seriesInstanceUid === uid ? hung : undefined
  }

  function go(next: { id?: string | undefined; stage: number }): void {
    setWanted(({ epoch }) => ({
      ...(next.id === undefined ? {} : { id: next.id }),
      stage: next.stage,
      epoch: epoch + 1,
    }))
    restart()
  }

  function arrived(pane: number, link: (all: boolean) => void): void {
    const { viewport, state } = panes.handle(pane)
    const [view, now] = [viewport.current, state.current]
    const target = lookOf(pane, now?.image && seriesOf(now.image))
    // Planes that a person opens are laid out by themselves.
    if ((now?.image?.computed === undefined) !== (target?.computed === undefined)) return
    if (view === undefined || now?.image === undefined || now.status !== 'ready' || target === undefined)
      return
    const before = laid.current.get(view)
    if (before !== key) {
      const { sopInstanceUid } = target.hung
      // The first time in this pane it began where it should; somebody who comes back stays where they were.
      if (before !== undefined || !isArranged) {
        const at =
          sopInstanceUid === undefined ? undefined : panes.indexOf(pane, { sopInstanceUid, frameNumber: 1 })
        if (at !== undefined && at !== now.index) return view.goTo(at)
      }
      laid.current.set(view, key)
      if (before !== undefined) view.choose(choiceOf(target.look, now.image))
      if (hasLook(target.look)) view.present(presentationOf(target))
      else if (before !== undefined) view.present(AS_IT_LIES)
    }
    if (isArranged || shown === undefined) return
    const all = hungPanes.map((_, each) => panes.handle(each))
    // What is computed comes when its volume has filled: it joins those that are here.
    const hasReceived = hungPanes.some((each) => each !== undefined && each.computed === undefined)
    const isReady = all.every((each, index) => {
      const hung = hungPanes[index]
      if (hung === undefined || (hasReceived && hung.computed !== undefined)) return true
      const image = each.state.current?.image
      return (
        each.viewport.current !== undefined &&
        laid.current.get(each.viewport.current) === key &&
        each.state.current?.status === 'ready' &&
        image !== undefined &&
        seriesOf(image) === hung.hung.seriesInstanceUid
      )
    })
    if (!isReady) return
    // Another prior may have come since: then the panes are others.
    const group = `${key} ${hungPanes.map((each) => each?.hung.sopInstanceUid ?? each?.hung.seriesInstanceUid).join(' ')}`
    if (shown.sameScale === true && done.current.scaled !== group) {
      done.current.scaled = group
      shareScale(
        all.map((each) => ({ view: each.viewport.current, state: each.state.current })),
        hungPanes,
      )
    }
    if (shown.linked === true && hungPanes.length > 1 && done.current.linked !== group) {
      done.current.linked = group
      link(isMixed(hungPanes, series))
    }
  }

  return {
    waiting: all === undefined,
    arrangement,
    matching,
    current,
    stages,
    stage,
    isArranged,
    series,
    protocols,
    lookOf,
    hungPanes: isArranged ? NONE : hungPanes,
    choose: (id) => go({ id, stage: 0 }),
    step: (by) => {
      if (stages.length > 1 || isArranged)
        go({ id: current?.id, stage: (stage + by + stages.length) % Math.max(1, stages.length) })
    },
    start(pane, uid) {
      const before = panes.place(pane)
      const target = lookOf(pane, uid)
      if (target === undefined || (isArranged && before?.seriesInstanceUid === uid)) return before
      const { sopInstanceUid } = target.hung
      const found = series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)
      const images = found?.facts?.images ?? []
      // Where each image is one frame, its place among them is its place in the stack.
      const at =
        images.length === found?.frameCount
          ? images.findIndex((image) => image.sopInstanceUid === sopInstanceUid)
          : -1
      return {
        seriesInstanceUid: uid,
        index: at < 0 ? undefined : at,
        choice: choiceOf(target.look, undefined),
        uptake: target.look.uptake,
      }
    },
    arrived,
  }
}

function arranged(
  stage: HangingStage | undefined,
  series: readonly HangingSeries[],
): { arrangement: Arrangement | undefined; hungPanes: readonly (HungPane | undefined)[] } {
  if (stage === undefined) return { arrangement: undefined, hungPanes: [] }
  const hung = hang(stage, series)
  if (hung.every((each) => each === undefined)) return { arrangement: undefined, hungPanes: [] }
  const { layout, panes } = withoutEmpty(stage.layout, hung)
  const shown = panes.map((pane) => {
    const each = hung[pane]
    // What is only left over is shown as it lies.
    const look = each?.wished === true ? (stage.panes[pane]?.look ?? {}) : {}
    const { computed, over } = stage.panes[pane] ?? {}
    return each && { hung: each, look, computed, over }
  })
  return {
    arrangement: {
      layout,
      series: shown.map((each) => each && contentOf(each)),
      active: 0,
      maximised: false,
    },
    hungPanes: shown,
  }
}

const NONE: readonly (HungPane | undefined)[] = []

function contentOf({ hung, computed }: HungPane): PaneContent {
  const { seriesInstanceUid, overlay } = hung
  const base = computed === undefined ? seriesInstanceUid : planesOf(seriesInstanceUid, computed)
  return withOverlay(base, overlay)
}

/** Whether some go together only by way of others: the PET of now and the CT of the prior. */
function isMixed(panes: readonly (HungPane | undefined)[], series: readonly HangingSeries[]): boolean {
  const shown = panes.flatMap(
    (pane) =>
      series.find(({ seriesInstanceUid }) => seriesInstanceUid === pane?.hung.seriesInstanceUid) ?? [],
  )
  return (
    new Set(shown.map(({ prior }) => prior)).size > 1 &&
    new Set(shown.map(({ modality }) => modality)).size > 1
  )
}

/** @param image of the stack, where it is here */
const choiceOf = (
  { window, uptake, invert = false }: HangingLook,
  image: StackImage | undefined,
): LookChoice => ({
  window: windowOfUptake(uptake, image) ?? (window && { ...window, function: 'LINEAR' }),
  turnedOver: invert,
})

const hasLook = ({ rotation, flipHorizontal, flipVertical, orientation, fit, align }: HangingLook): boolean =>
  [rotation, flipHorizontal, flipVertical, orientation, fit, align].some((part) => part !== undefined)

function presentationOf({ hung, look, computed }: HungPane): Presentation {
  const { rotation = 0, fit = 'fit', align = 'centre', orientation } = look
  // Planes lie as they are computed.
  const turned =
    computed === undefined && orientation !== undefined
      ? flipsFor(orientation, hung.facts.orientation)
      : undefined
  return {
    rotation,
    flipHorizontal: turned?.horizontal ?? look.flipHorizontal ?? false,
    flipVertical: turned?.vertical ?? look.flipVertical ?? false,
    fit,
    align,
    share: 1,
  }
}

/** Makes a millimetre as long in every pane: as in the one with the largest image. Nothing where one does not know it. */
function shareScale(
  views: readonly { view: ImagingViewport | undefined; state: ViewportState | undefined }[],
  hungPanes: readonly (HungPane | undefined)[],
): void {
  const scales = views.map(({ view, state }) => {
    const spacing = state?.image && columnSpacing(state.image)
    return view === undefined || spacing === undefined ? NaN : view.scale() / spacing
  })
  const smallest = Math.min(...scales)
  if (!Number.isFinite(smallest)) return
  views.forEach(({ view }, pane) => {
    const [target, scale = smallest] = [hungPanes[pane], scales[pane]]
    if (target !== undefined && scale > smallest)
      view?.present({ ...presentationOf(target), share: smallest / scale })
  })
}
