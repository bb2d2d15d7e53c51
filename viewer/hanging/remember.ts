import type { StudyOpening } from '../../core/contract/api.ts'
import type {
  ComputedView,
  HangingLook,
  HangingOver,
  HangingPane,
  HangingProtocol,
  Wish,
} from '../../core/contract/hanging.ts'
import type { HangingSeries } from '../../core/reading/hanging-protocol.ts'
import type { Presentation } from '../imaging/presentation.ts'
import type { LookChoice } from '../imaging/stack-look.ts'
import type { Layout } from '../reading-room/pane-layout.ts'

/** What a pane shows at the moment it is remembered. */
export interface ShownPane {
  readonly series: HangingSeries | undefined
  /** The image on screen. */
  readonly sopInstanceUid: string | undefined
  readonly choice: LookChoice | undefined
  /** Its window as uptake, where that is known. */
  readonly uptake: HangingLook['uptake']
  /** Undefined: its images as they were received. */
  readonly computed: ComputedView | undefined
  /** What lies over it, and how. */
  readonly over: (Omit<HangingOver, 'wants'> & { readonly series: HangingSeries }) | undefined
  readonly presented: Pick<Presentation, 'rotation' | 'flipHorizontal' | 'flipVertical'> | undefined
  /** How it was hung, if it was. */
  readonly look: HangingLook | undefined
}

/** A protocol by example: what is on screen, in words that hold for the next study of the kind. */
export function remembered(
  opening: StudyOpening,
  layout: Layout,
  panes: readonly ShownPane[],
  linked: boolean,
): HangingProtocol {
  const modalities = [
    ...new Set(
      panes.flatMap(({ series, over }) =>
        [series, over?.series].flatMap((each) => (each === undefined ? [] : [each.modality])),
      ),
    ),
  ]
  const parts = new Set(
    opening.series.map(({ bodyPartExamined }) => bodyPartExamined).filter((part) => part !== ''),
  )
  const [bodyPart] = parts.size === 1 ? parts : []
  const hung = panes.map((pane, at) => rememberedPane(pane, at, panes))
  return {
    name: [modalities.join(' + '), bodyPart, `${layout.rows} × ${layout.columns}`]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
    matches: {
      modality: modalities.slice(0, 1),
      ...(modalities.length > 1 ? { withModality: modalities.slice(1, 5) } : {}),
      ...(isPair(modalities) && panes.some(({ over }) => over !== undefined) ? { oneFrame: true } : {}),
      ...(bodyPart === undefined ? {} : { bodyPart }),
      ...(panes.some(({ series }) => (series?.prior ?? 0) > 0) ? { priorPresent: true } : {}),
    },
    stages: [
      {
        layout,
        panes: hung,
        ...(linked ? { linked } : {}),
        ...(modalities.includes('MG') ? { sameScale: true } : {}),
      },
    ],
  }
}

/** One over the other. Of more, no one can say which two lie in one frame of reference. */
const isPair = (modalities: readonly string[]): boolean => modalities.length === 2

/** What is laid over such a series on screen, or what such a one lies over: those that were taken together hang together. */
function partnerOf(series: HangingSeries, panes: readonly ShownPane[]): string | undefined {
  const frame = series.facts?.frameOfReference
  for (const { series: base, over } of panes) {
    if (base === undefined || over === undefined || base.facts?.frameOfReference !== frame) continue
    if (base.modality === over.series.modality) continue
    if (series.modality === base.modality) return over.series.modality
    if (series.modality === over.series.modality) return base.modality
  }
  return undefined
}

function rememberedPane(shown: ShownPane, at: number, panes: readonly ShownPane[]): HangingPane {
  const { series, sopInstanceUid, computed, over } = shown
  if (series === undefined) return { wants: [] }
  const pane: HangingPane = {
    wants: wishesFor(series, sopInstanceUid, partnerOf(series, panes)),
    ...lookFor(shown),
    ...(computed === undefined ? {} : { computed }),
  }
  if (over !== undefined) {
    const { series: above, ...look } = over
    return { ...pane, over: { wants: wishesFor(above, undefined, partnerOf(above, panes)), ...look } }
  }
  const isAgain = panes.slice(0, at).some(
    (each) =>
      each.series?.seriesInstanceUid === series.seriesInstanceUid &&
      // Of projections each image may hang by itself.
      (series.facts?.images === undefined || each.sopInstanceUid === sopInstanceUid),
  )
  return computed === undefined && isAgain ? { ...pane, again: true } : pane
}

/** The best description first, then ones that more studies fulfil. */
export function wishesFor(series: HangingSeries, sopInstanceUid?: string, oneFrameWith?: string): Wish[] {
  const { modality, prior, facts = {} } = series
  const base: Wish = {
    modality: [modality],
    ...(prior > 0 ? { prior } : {}),
    ...(oneFrameWith === undefined ? {} : { oneFrameWith }),
  }
  const image = facts.images?.find((each) => each.sopInstanceUid === sopInstanceUid) ?? facts
  const view: Wish = {
    ...(image.view === undefined ? {} : { view: [image.view] }),
    ...(image.laterality === undefined ? {} : { laterality: image.laterality }),
  }
  const hasView = Object.keys(view).length > 0
  const plane: Wish = {
    ...(facts.plane === undefined ? {} : { plane: facts.plane }),
    ...(facts.attenuationCorrected === true ? { attenuationCorrected: true } : {}),
  }
  const name = series.seriesDescription.trim().slice(0, 64)
  const words: Wish = name === '' ? {} : { words: [name] }
  const wishes: Wish[] = hasView
    ? [{ ...base, ...view }]
    : [
        { ...base, ...plane, ...words },
        ...(name === '' ? [] : [{ ...base, ...plane }]),
        ...(Object.keys(plane).length === 0 ? [] : [base]),
      ]
  return wishes
}

function lookFor({ choice, uptake, presented, look: hung }: ShownPane): { look?: HangingLook } {
  const { orientation, fit, align } = hung ?? {}
  const { rotation = 0, flipHorizontal = false, flipVertical = false } = presented ?? {}
  const turned = [0, 90, 180, 270].find((each) => each === rotation) as HangingLook['rotation']
  const look: HangingLook = {
    ...(uptake === undefined ? {} : { uptake }),
    // What is stored for the same uptake is another number in the next study.
    ...(choice?.window === undefined || uptake !== undefined
      ? {}
      : { window: { center: round(choice.window.center), width: Math.max(1, round(choice.window.width)) } }),
    ...(choice?.turnedOver === true ? { invert: true } : {}),
    ...(turned === undefined || turned === 0 ? {} : { rotation: turned }),
    // What a file says of its orientation goes before how this one file was turned over.
    ...(orientation === undefined
      ? { ...(flipHorizontal ? { flipHorizontal } : {}), ...(flipVertical ? { flipVertical } : {}) }
      : { orientation }),
    ...(fit === undefined ? {} : { fit }),
    ...(align === undefined ? {} : { align }),
  }
  return Object.keys(look).length === 0 ? {} : { look }
}

const round = (value: number): number => (Math.abs(value) >= 10 ? Math.round(value) : value)
