import type { HangingMatch, HangingPane, Wish } from '../../core/contract/hanging.ts'
import type { Texts } from '../locales/texts.ts'
import { changed } from './changed.ts'

type T = Texts['t']

/** A wish in a few words, as it stands in the small picture of a pane. */
export function wishText(t: T, wish: Wish | undefined): string {
  if (wish === undefined) return t('hanging.pane-rest')
  const { modality, words, plane, view, laterality, bValue, prior = 0, order } = wish
  const { oneFrameWith, attenuationCorrected } = wish
  const parts = [
    laterality === undefined ? undefined : laterality,
    view?.join('/'),
    modality?.join('/'),
    words === undefined || words.length === 0
      ? undefined
      : `“${words.slice(0, 3).join(', ')}${words.length > 3 ? '…' : ''}”`,
    plane && t(`hanging.plane-${plane}`),
    bValue === undefined ? undefined : `b ≥ ${bValue}`,
    oneFrameWith === undefined ? undefined : t('hanging.wish-with', { modality: oneFrameWith }),
    attenuationCorrected === true ? t('hanging.wish-corrected') : undefined,
    order === undefined || order === 'first' ? undefined : t(`hanging.order-${order}`),
    prior === 0 ? undefined : t('hanging.study-prior', { number: prior }),
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? t('hanging.wish-any') : parts.join(' · ')
}

/** A pane in a few words: what it wants most, what is computed of it, and what lies over it. */
export function paneText(t: T, { wants, computed, over }: HangingPane): string {
  const shown = [wishText(t, brief(wants[0])), computed && t(`hanging.computed-${computed}`)]
  return [shown.filter((part) => part !== undefined).join(' · '), over && wishText(t, brief(over.wants[0]))]
    .filter((part) => part !== undefined)
    .join(' + ')
}

/** What stands in a small picture has little room. */
const brief = (wish: Wish | undefined): Wish | undefined =>
  wish && changed(wish, { oneFrameWith: undefined, attenuationCorrected: undefined, order: undefined })

/** When a protocol applies, in a few words. */
export function matchText(t: T, match: HangingMatch): string {
  const { modality, withModality, oneFrame, bodyPart, laterality, words, priorPresent, monitors } = match
  const parts = [
    modality.length === 0 ? undefined : [modality.join('/'), ...(withModality ?? [])].join(' + '),
    oneFrame === true ? t('hanging.one-frame-short') : undefined,
    bodyPart,
    laterality && t(`hanging.side-${laterality}`),
    words === undefined || words.length === 0
      ? undefined
      : `“${words.slice(0, 3).join(', ')}${words.length > 3 ? '…' : ''}”`,
    priorPresent === undefined ? undefined : t(priorPresent ? 'hanging.prior-with' : 'hanging.prior-without'),
    monitors === undefined ? undefined : `${t('hanging.monitors')} ≥ ${monitors}`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? t('hanging.applies-always') : parts.join(' · ')
}

/** Words as a person types them, with commas of either kind. */
export const listOf = (text: string): string[] =>
  text
    .split(/[,，、]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
