import {
  type HangingMatch,
  type HangingPane,
  type HangingProtocol,
  type HangingStage,
  type ImageFacts,
  type SeriesFacts,
  type Side,
  type Wish,
} from '../contract/hanging.ts'

/** A study as protocols see it. */
export interface StudyFacts {
  readonly modalities: readonly string[]
  readonly bodyParts: readonly string[]
  readonly lateralities: readonly Side[]
  /** Of the study and of its series. */
  readonly descriptions: readonly string[]
  /** In which frames of reference its series of several images lie, by modality. */
  readonly frames: readonly { readonly modality: string; readonly frameOfReference: string }[]
  readonly priorPresent: boolean
  readonly monitors: number
}

/** A series that may hang. */
export interface HangingSeries {
  readonly seriesInstanceUid: string
  readonly modality: string
  readonly seriesDescription: string
  readonly frameCount: number
  readonly facts?: SeriesFacts | undefined
  /** 0: of the study that is read; 1: of its best prior, and so on. */
  readonly prior: number
}

/** What hangs in a pane. */
export interface Hung {
  readonly seriesInstanceUid: string
  /** The image to begin with; undefined: where the series begins by itself. */
  readonly sopInstanceUid?: string | undefined
  /** Facts of that image, else of the series. */
  readonly facts: ImageFacts
  /** It is what the pane wanted, and so is shown as the pane says; else it is what was left. */
  readonly wished: boolean
  /** Series Instance UID of what lies over it. */
  readonly overlay?: string | undefined
}

export const OWNER_RANKS = ['me', 'role', 'everyone', 'built-in'] as const

/** A protocol with whose it is. */
export interface OwnedProtocol {
  readonly id: string
  readonly owner: (typeof OWNER_RANKS)[number]
  readonly protocol: HangingProtocol
}

/**
 * Those that apply, the best first: one's own before the role's, before everyone's, before the built-in; of one owner
 * the most specific; then in the order given. A protocol that stands in for a built-in one hides it.
 */
export function matchProtocols(protocols: readonly OwnedProtocol[], facts: StudyFacts): OwnedProtocol[] {
  const replaced = new Set(protocols.map(({ protocol }) => protocol.replaces))
  return protocols
    .filter(({ id, owner }) => owner !== 'built-in' || !replaced.has(id))
    .map((each, order) => ({
      each,
      order,
      rank: OWNER_RANKS.indexOf(each.owner),
      score: specificity(each.protocol.matches, facts),
    }))
    .filter(({ score }) => score !== undefined)
    .sort((a, b) => a.rank - b.rank || (b.score ?? 0) - (a.score ?? 0) || a.order - b.order)
    .map(({ each }) => each)
}

/** How much a protocol asks for, all of which the study has; undefined when it lacks some of it. */
export function specificity(match: HangingMatch, facts: StudyFacts): number | undefined {
  const { modality, withModality, oneFrame, bodyPart, laterality, words, priorPresent, monitors } = match
  const has = (code: string): boolean => facts.modalities.includes(code)
  const criteria: readonly (readonly [weight: number, holds: boolean | undefined])[] = [
    [4, modality.length === 0 ? undefined : modality.some(has)],
    [2, withModality?.every(has)],
    [2, oneFrame === true ? withModality?.every((other) => isOneFrame(facts, modality, other)) : undefined],
    [
      8,
      bodyPart === undefined
        ? undefined
        : facts.bodyParts.some((part) => part.toUpperCase() === bodyPart.toUpperCase()) ||
          hasWord([bodyPart], facts.descriptions),
    ],
    [8, words === undefined || words.length === 0 ? undefined : hasWord(words, facts.descriptions)],
    [2, laterality === undefined ? undefined : facts.lateralities.includes(laterality)],
    [2, priorPresent === undefined ? undefined : priorPresent === facts.priorPresent],
    [1, monitors === undefined ? undefined : facts.monitors >= monitors],
  ]
  let score = 0
  for (const [weight, holds] of criteria) {
    if (holds === false) return undefined
    if (holds === true) score += weight
  }
  return score
}

const isOneFrame = ({ frames }: StudyFacts, modality: readonly string[], other: string): boolean =>
  frames.some(
    (one) =>
      modality.includes(one.modality) &&
      frames.some((each) => each.modality === other && each.frameOfReference === one.frameOfReference),
  )

/** The stages that say something for this study: one that shows a prior is passed over when there is none. */
export function stagesFor(protocol: HangingProtocol, priorPresent: boolean): HangingStage[] {
  const fitting = protocol.stages.filter((stage) => priorPresent || priorsWanted(stage) === 0)
  return fitting.length > 0 ? fitting : protocol.stages.slice(0, 1)
}

/** How many priors a stage shows. */
export const priorsWanted = (stage: HangingStage): number =>
  Math.max(
    0,
    ...stage.panes.flatMap(({ wants, over }) =>
      [...wants, ...(over?.wants ?? [])].map(({ prior }) => prior ?? 0),
    ),
  )

/** What may hang by itself: a series, or one image of a series of projections. */
interface Candidate extends Omit<Hung, 'wished'> {
  readonly series: HangingSeries
  readonly order: number
}

/** Drawings on others' images and doses hang only where they are asked for by name. */
const OVER_IMAGES = ['SEG', 'RTDOSE']

/** Such a pane shows what others show, in another way. */
const repeats = ({ again, computed, over }: HangingPane): boolean =>
  again === true || computed !== undefined || over !== undefined

/**
 * What hangs in each pane of the stage, in its order; nothing hangs twice, but in panes that repeat others. First wishes go
 * before second ones, whichever pane has them. A pane whose wishes nothing fulfils takes what is left of the study that is
 * read, in reading order.
 */
export function hang(stage: HangingStage, series: readonly HangingSeries[]): (Hung | undefined)[] {
  const candidates = series.flatMap(candidatesOf).map((each, order) => ({ ...each, order }))
  const used = new Set<number>()
  const hung: (Candidate | undefined)[] = stage.panes.map(() => undefined)
  const overlays: (Candidate | undefined)[] = stage.panes.map(() => undefined)
  const wished = new Set<number>()
  const take = (pane: number, found: Candidate | undefined): void => {
    if (found === undefined) return
    used.add(found.order)
    hung[pane] = found
  }
  const fitting = (wish: Wish): Candidate[] => candidates.filter((each) => fulfils(each, wish, series))
  const inOrder = (fit: readonly Candidate[], wish: Wish): readonly Candidate[] =>
    byFrame(byPreference(fit, wish.order ?? 'first'), wish, series)
  const longest = Math.max(0, ...stage.panes.map(({ wants }) => wants.length))
  for (let round = 0; round < longest; round++) {
    stage.panes.forEach((each, pane) => {
      const wish = each.wants[round]
      if (wish === undefined || hung[pane] !== undefined || repeats(each)) return
      const free = fitting(wish).filter(({ order }) => !used.has(order))
      take(pane, inOrder(free, wish)[0])
      if (hung[pane] !== undefined) wished.add(pane)
    })
  }
  stage.panes.forEach((each, pane) => {
    if (!repeats(each)) return
    const bases = each.wants.flatMap((wish) => inOrder(fitting(wish), wish))
    const base = bases.find((one) => {
      if (each.over === undefined) return each.computed === undefined || isVolume(one)
      const over = each.over.wants
        .flatMap((wish) => inOrder(fitting(wish), wish))
        .find((other) => isOver(other, one))
      if (over !== undefined) overlays[pane] = over
      return over !== undefined
    })
    take(pane, base)
    if (base !== undefined) wished.add(pane)
  })
  const shownUids = new Set([...hung, ...overlays].map((each) => each?.seriesInstanceUid))
  const isLeft = ({ order, series: { prior, modality } }: Candidate): boolean =>
    prior === 0 && !used.has(order) && !OVER_IMAGES.includes(modality)
  // A series not seen yet before another image of one that is; a survey last.
  const left = candidates
    .filter(isLeft)
    .sort(
      (a, b) =>
        Number(a.facts.localizer ?? false) - Number(b.facts.localizer ?? false) ||
        Number(shownUids.has(a.seriesInstanceUid)) - Number(shownUids.has(b.seriesInstanceUid)) ||
        a.order - b.order,
    )
  stage.panes.forEach((each, pane) => {
    // Beside the study that is read, what is left of it would pass for the prior.
    const isForPrior = each.wants.length > 0 && each.wants.every(({ prior = 0 }) => prior > 0)
    const isOpen = hung[pane] === undefined && each.computed === undefined && each.over === undefined
    if (isOpen && !isForPrior && stage.onlyWished !== true) take(pane, left.shift())
  })
  return hung.map(
    (each, pane) =>
      each && {
        seriesInstanceUid: each.seriesInstanceUid,
        sopInstanceUid: each.sopInstanceUid,
        facts: each.facts,
        wished: wished.has(pane),
        ...(overlays[pane] === undefined ? {} : { overlay: overlays[pane].seriesInstanceUid }),
      },
  )
}

/** Something can be computed through it. */
const isVolume = ({ sopInstanceUid, series }: Candidate): boolean =>
  sopInstanceUid === undefined && series.frameCount > 2

/** Places of one can be found in the other. */
const isOver = (over: Candidate, base: Candidate): boolean =>
  over.seriesInstanceUid !== base.seriesInstanceUid &&
  isVolume(over) &&
  frameOf(over.series) !== undefined &&
  frameOf(over.series) === frameOf(base.series)

/** The stage without rows and columns in which nothing hangs; `panes` are the numbers of the panes that stay. */
export function withoutEmpty(
  { rows, columns }: HangingStage['layout'],
  hung: readonly (Hung | undefined)[],
): { layout: HangingStage['layout']; panes: number[] } {
  const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
  const isFull = (row: number, column: number): boolean => hung[row * columns + column] !== undefined
  const keptRows = range(rows).filter((row) => range(columns).some((column) => isFull(row, column)))
  const keptColumns = range(columns).filter((column) => range(rows).some((row) => isFull(row, column)))
  if (keptRows.length === 0) return { layout: { rows: 1, columns: 1 }, panes: [0] }
  return {
    layout: { rows: keptRows.length, columns: keptColumns.length },
    panes: keptRows.flatMap((row) => keptColumns.map((column) => row * columns + column)),
  }
}

function candidatesOf(series: HangingSeries): Candidate[] {
  if (series.frameCount === 0) return []
  const { seriesInstanceUid, facts = {} } = series
  const { images = [], ...own } = facts
  if (images.length === 0) return [{ seriesInstanceUid, series, order: 0, facts: own }]
  return images.map(({ sopInstanceUid, ...image }) => ({
    seriesInstanceUid,
    sopInstanceUid,
    series,
    order: 0,
    facts: image,
  }))
}

function fulfils({ series, facts }: Candidate, wish: Wish, all: readonly HangingSeries[]): boolean {
  const { modality, words, withoutWords, plane, view, laterality, bValue, prior = 0 } = wish
  const { oneFrameWith, attenuationCorrected } = wish
  const frame = frameOf(series)
  const texts = [series.seriesDescription, series.facts?.protocolName ?? '']
  const isAsked = modality?.includes(series.modality) ?? false
  return (
    series.prior === prior &&
    (modality === undefined ? !OVER_IMAGES.includes(series.modality) : isAsked) &&
    (facts.localizer !== true || words !== undefined) &&
    (plane === undefined || facts.plane === plane) &&
    (view === undefined || (facts.view !== undefined && view.includes(facts.view))) &&
    (laterality === undefined || facts.laterality === laterality) &&
    (attenuationCorrected === undefined || facts.attenuationCorrected === attenuationCorrected) &&
    (oneFrameWith === undefined ||
      (frame !== undefined &&
        all.some(
          (each) =>
            each.prior === prior &&
            each.modality === oneFrameWith &&
            each.frameCount > 1 &&
            frameOf(each) === frame,
        ))) &&
    (bValue === undefined || (facts.bValue !== undefined && facts.bValue >= bValue)) &&
    (words === undefined || words.length === 0 || hasWord(words, texts)) &&
    (withoutWords === undefined || !hasWord(withoutWords, texts))
  )
}

/** Slices this share of the largest series' number are a series to read, fewer are a sample. */
const WHOLE_SHARE = 0.25

/**
 * Where two modalities were taken in several frames of reference (the body, then the head by itself), those of the frame in
 * which both have most come first: so two panes that ask for one of them each get a pair.
 */
function byFrame(
  fitting: readonly Candidate[],
  { oneFrameWith, prior = 0 }: Wish,
  all: readonly HangingSeries[],
): readonly Candidate[] {
  if (oneFrameWith === undefined) return fitting
  const most = (modality: string, frame: string | undefined): number =>
    Math.max(
      0,
      ...all
        .filter((each) => each.prior === prior && each.modality === modality && frameOf(each) === frame)
        .map(({ frameCount }) => frameCount),
    )
  const shared = ({ series }: Candidate): number =>
    Math.min(most(series.modality, frameOf(series)), most(oneFrameWith, frameOf(series)))
  return [...fitting].sort((a, b) => shared(b) - shared(a))
}

const frameOf = ({ facts }: HangingSeries): string | undefined => facts?.frameOfReference

/** The one to take first. */
function byPreference(
  fitting: readonly Candidate[],
  order: NonNullable<Wish['order']>,
): readonly Candidate[] {
  const size = ({ series }: Candidate): number => series.frameCount
  if (order === 'first') return fitting
  if (order === 'last') return [...fitting].reverse()
  const bySize = [...fitting].sort((a, b) => size(b) - size(a))
  const [largest] = bySize
  if (order === 'largest' || largest === undefined) return bySize
  const thickness = ({ facts }: Candidate): number => facts.thickness ?? Number.MAX_VALUE
  const isWhole = (each: Candidate): boolean => size(each) >= WHOLE_SHARE * size(largest)
  return bySize.sort(
    (a, b) => Number(isWhole(b)) - Number(isWhole(a)) || (isWhole(a) ? thickness(a) - thickness(b) : 0),
  )
}

/** Whether one of the words is in one of the texts. A short word of letters only where a word begins: PD, not in "update". */
export function hasWord(words: readonly string[], texts: readonly string[]): boolean {
  return words.some((word) => {
    const wanted = word.toLowerCase()
    const isShort = /^[a-z]{1,3}$/.test(wanted)
    return texts.some((text) => {
      const lower = text.toLowerCase()
      if (!isShort) return lower.includes(wanted)
      for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1))
        if (at === 0 || !/[a-z]/.test(lower[at - 1] ?? '')) return true
      return false
    })
  })
}

/** Towards the opposite end of the patient. */
const OPPOSITE: Readonly<Record<string, string>> = { A: 'P', P: 'A', L: 'R', R: 'L', H: 'F', F: 'H' }

/**
 * How an image is turned over so that its rows and columns lie as wanted: only where its file says that they lie the other
 * way, never on a guess. Directions are compared by their first letters: the strongest part (PS3.3 C.7.6.1.1.1).
 */
export function flipsFor(
  wanted: readonly [string, string],
  filed: readonly [string, string] | undefined,
): { horizontal: boolean; vertical: boolean } {
  const isOpposite = (want: string, have: string | undefined): boolean =>
    have?.[0] !== undefined && want[0] !== undefined && OPPOSITE[want[0]] === have[0]
  return { horizontal: isOpposite(wanted[0], filed?.[0]), vertical: isOpposite(wanted[1], filed?.[1]) }
}
