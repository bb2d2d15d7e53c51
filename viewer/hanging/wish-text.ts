import type { HangingMatch, Wish } from '../../core/contract/hanging.ts'
import type { Texts } from '../locales/texts.ts'

type T = Texts['t']

/** A wish in a few words, as it stands in the small picture of a pane. */
export function wishText(t: T, wish: Wish | undefined): string {
  if (wish === undefined) return t('hanging.pane-rest')
  const { modality, words, plane, view, laterality, bValue, prior = 0, order } = wish
  const parts = [
    laterality === undefined ? undefined : laterality,
    view?.join('/'),
    modality?.join('/'),
    words === undefined || words.length === 0
      ? undefined
      : `“${words.slice(0, 3).join(', ')}${words.length > 3 ? '…' : ''}”`,
    plane && t(`hanging.plane-${plane}`),
    bValue === undefined ? undefined : `b ≥ ${bValue}`,
    order === undefined || order === 'first' ? undefined : t(`hanging.order-${order}`),
    prior === 0 ? undefined : t('hanging.study-prior', { number: prior }),
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? t('hanging.wish-any') : parts.join(' · ')
}

/** When a protocol applies, in a few words. */
export function matchText(t: T, match: HangingMatch): string {
  const { modality, withModality, bodyPart, laterality, words, priorPresent, monitors } = match
  const parts = [
    modality.length === 0 ? undefined : [modality.join('/'), ...(withModality ?? [])].join(' + '),
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
