import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { overlayValues } from '../../core/measurements/overlay-values.ts'
import { COLOUR_MAPS } from '../../core/volume/colour-map.ts'
import { useApi } from '../client/client-context.tsx'
import { metadataQuery } from '../client/metadata-query.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { placedImage } from '../reading-room/mpr/placed-image.ts'
import { overlayIn, seriesIn, withOverlay } from '../reading-room/pane-content.ts'
import type { PaneHandle } from '../reading-room/pane-handle.ts'
import type { Arrangement } from '../reading-room/pane-layout.ts'
import { useToast } from '../ui/toast.tsx'
import { widened, windowOf } from './fusion-look.ts'
import { openFusionLooks, type FusionLooks } from './fusion-looks.ts'
import {
  basesFor,
  imagesOf,
  isOverlaid,
  overlayOf,
  overlaysFor,
  partsOf,
  refusalOver,
  type FusionRefusal,
  type Shelved,
} from './overlay-choice.ts'

/** One series over another, in colour. */
export interface Fusion {
  /** What lies over the active pane. */
  readonly overlay: string | undefined
  readonly looks: FusionLooks
  readonly isChoosing: boolean
  /** Lays the series that fits best over the active pane, or takes away what lies there. */
  toggle(): void
  /** Lays this over a pane; undefined: nothing. */
  show(pane: number, overlay: string | undefined): void
  /** Shows the anatomy that an overlay of a pane lies on, with it; resolves to why it cannot. */
  layUnder(pane: number, shown: Shelved): Promise<FusionRefusal | 'none-under' | undefined>
  shelvedOf(overlay: string): Shelved | undefined
  /** What may lie over a series, the best first. */
  candidatesFor(seriesInstanceUid: string): readonly Shelved[]
  fade(by: 1 | -1): void
  widen(by: 1 | -1): void
  nextMap(): void
}

const OPACITY_STEP = 0.1
/** So many series are looked at to find one that fits. */
const MOST_TRIED = 8

export function useFusion(
  arrangement: Arrangement,
  shelf: ReadonlyMap<string, Shelved>,
  handle: () => PaneHandle,
  change: (change: (before: Arrangement) => Arrangement) => void,
): Fusion {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const looks = useRef<FusionLooks>(undefined)
  looks.current ??= openFusionLooks()
  const own = looks.current
  const [isChoosing, setChoosing] = useState(false)
  const { active } = arrangement
  const content = arrangement.series[active]
  const overlay = overlayIn(content)
  const metadataOf = ({ opening, series }: Shelved) =>
    queries.fetchQuery(
      metadataQuery(api, opening.study.studyInstanceUid, series.seriesInstanceUid, series.instanceCount),
    )

  function show(pane: number, next: string | undefined): void {
    change((before) => {
      const shown = before.series[pane]
      if (shown === undefined) return before
      return { ...before, series: before.series.with(pane, withOverlay(shown, next)) }
    })
  }

  async function choose(shown: Shelved): Promise<void> {
    const { images } = handle()
    if (isOverlaid(shown.series)) {
      const refused = await layUnder(active, shown)
      return refused === undefined ? undefined : sayRefused(refused)
    }
    const base = images.current[Math.floor(images.current.length / 2)]
    const placed = base && placedImage(base)
    const candidates = overlaysFor(shown, shelf.values()).filter(({ series }) => isOverlaid(series))
    let refusal: FusionRefusal | 'none' = 'none'
    let fitting: string | undefined
    for (const each of candidates.slice(0, MOST_TRIED)) {
      const instances = await metadataOf(each)
      const found = overlayOf(each.series, instances)
      const over = imagesOf(each, found, instances)
      const refused = refusalOver(over, placed)
      if (refused !== undefined) {
        if (refusal === 'none') refusal = refused
        continue
      }
      fitting ??= found
      const { kind } = overlayValues(over.map(({ metadata }) => metadata))
      // Uptake is known of what was corrected: that is what one reads.
      if (each.series.modality !== 'PT' || kind === 'uptake') {
        if (kind === 'uptake') fitting = found
        break
      }
    }
    if (fitting === undefined) return sayRefused(refusal)
    show(active, fitting)
  }

  const sayRefused = (refusal: FusionRefusal | 'none' | 'none-under'): void =>
    toast({ text: `${t('fusion.refused')}: ${t(`fusion.refused-${refusal}`)}` })

  async function layUnder(pane: number, shown: Shelved): ReturnType<Fusion['layUnder']> {
    const instances = await metadataOf(shown)
    const found = overlayOf(shown.series, instances)
    const over = imagesOf(shown, found, instances)
    let refusal: FusionRefusal | 'none-under' = 'none-under'
    for (const base of basesFor(shown, shelf.values()).slice(0, MOST_TRIED)) {
      const own = imagesOf(base, base.series.seriesInstanceUid, await metadataOf(base))
      const middle = own[Math.floor(own.length / 2)]
      const refused = refusalOver(over, middle && placedImage(middle))
      if (refused === undefined) {
        change((before) => ({
          ...before,
          series: before.series.with(pane, withOverlay(base.series.seriesInstanceUid, found)),
        }))
        return undefined
      }
      if (refusal === 'none-under') refusal = refused
    }
    return refusal
  }

  return {
    overlay,
    looks: own,
    isChoosing,
    show,
    layUnder,
    toggle() {
      if (overlay !== undefined) return show(active, undefined)
      const shown = shelf.get(seriesIn(content) ?? '')
      if (shown === undefined || isChoosing) return
      setChoosing(true)
      void choose(shown)
        .catch(() => toast({ text: t('fusion.failed'), tone: 'danger' }))
        .finally(() => setChoosing(false))
    },
    shelvedOf: (each) => shelf.get(partsOf(each).series),
    candidatesFor(uid) {
      const base = shelf.get(uid)
      return base === undefined ? [] : overlaysFor(base, shelf.values())
    },
    fade(by) {
      if (overlay === undefined) return
      const { opacity } = own.of(overlay, own.rangeOf(overlay)?.kind ?? 'other')
      const next = Math.min(1, Math.max(OPACITY_STEP, opacity + by * OPACITY_STEP))
      own.change(overlay, { opacity: Math.round(next * 100) / 100 })
    },
    widen(by) {
      const range = overlay === undefined ? undefined : own.rangeOf(overlay)
      if (overlay === undefined || range === undefined) return
      own.change(overlay, { upper: widened(windowOf(own.of(overlay, range.kind), range), by) })
    },
    nextMap() {
      if (overlay === undefined) return
      const { map } = own.of(overlay, own.rangeOf(overlay)?.kind ?? 'other')
      const next = COLOUR_MAPS[(COLOUR_MAPS.indexOf(map) + 1) % COLOUR_MAPS.length]
      if (next !== undefined) own.change(overlay, { map: next })
    },
  }
}
