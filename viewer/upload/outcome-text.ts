import type { TextKey } from '../locales/text-key.ts'
import type { Texts } from '../locales/texts.ts'

/** A reason in a technician's words; an unknown one in general words, with its code for whoever is asked about it. */
export function reasonText(t: Texts['t'], reason: string): { title: string; advice: string } {
  const titleKey = `upload.reason.${reason}`
  const title = t(titleKey as TextKey)
  if (title === titleKey) return { title: t('upload.reason.other', { code: reason }), advice: '' }
  const adviceKey = `upload.advice.${reason}`
  const advice = t(adviceKey as TextKey)
  return { title, advice: advice === adviceKey ? '' : advice }
}
