import type { StudyOpening } from '../../core/contract/api.ts'
import type { HangingLook, HangingPane, HangingProtocol, Wish } from '../../core/contract/hanging.ts'
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
    ...new Set(panes.flatMap(({ series }) => (series === undefined ? [] : [series.modality]))),
  ]
  const parts = new Set(
    opening.series.map(({ bodyPartExamined }) => bodyPartExamined).filter((part) => part !== ''),
  )
  const [bodyPart] = parts.size === 1 ? parts : []
  const hung = panes.map(rememberedPane)
  return {
    name: [modalities.join(' + '), bodyPart, `${layout.rows} × ${layout.columns}`]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
    matches: {
      modality: modalities.slice(0, 1),
      ...(modalities.length > 1 ? { withModality: modalities.slice(1, 5) } : {}),
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

function rememberedPane({ series, sopInstanceUid, choice, presented, look }: ShownPane): HangingPane {
  if (series === undefined) return { wants: [] }
  return { wants: wishesFor(series, sopInstanceUid), ...lookFor(choice, presented, look) }
}

/** The best description first, then ones that more studies fulfil. */
export function wishesFor(series: HangingSeries, sopInstanceUid?: string): Wish[] {
  const { modality, prior, facts = {} } = series
  const base: Wish = { modality: [modality], ...(prior > 0 ? { prior } : {}) }
  const image = facts.images?.find((each) => each.sopInstanceUid === sopInstanceUid) ?? facts
  const view: Wish = {
    ...(image.view === undefined ? {} : { view: [image.view] }),
    ...(image.laterality === undefined ? {} : { laterality: image.laterality }),
  }
  const hasView = Object.keys(view).length > 0
  const plane: Wish = facts.plane === undefined ? {} : { plane: facts.plane }
  const name = series.seriesDescription.trim().slice(0, 64)
  const words: Wish = name === '' ? {} : { words: [name] }
  const wishes: Wish[] = hasView
    ? [{ ...base, ...view }]
    : [
        { ...base, ...plane, ...words },
        ...(name === '' ? [] : [{ ...base, ...plane }]),
        ...(facts.plane === undefined ? [] : [base]),
      ]
  return wishes
}

function lookFor(
  choice: LookChoice | undefined,
  presented: ShownPane['presented'],
  hung: HangingLook | undefined,
): { look?: HangingLook } {
  const { orientation, fit, align } = hung ?? {}
  const { rotation = 0, flipHorizontal = false, flipVertical = false } = presented ?? {}
  const turned = [0, 90, 180, 270].find((each) => each === rotation) as HangingLook['rotation']
  const look: HangingLook = {
    ...(choice?.window === undefined
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
