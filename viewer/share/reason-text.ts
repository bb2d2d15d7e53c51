import type { Texts } from '../locales/texts.ts'

const REASONS = [
  'annotation-declared',
  'features-declared',
  'ultrasound',
  'secondary-capture',
  'video',
  'photograph',
  'scanned',
  'overlay-in-pixels',
  'encapsulated-document',
  'identity-in-codestream',
  'pixels-not-writable',
  'unreadable',
] as const

/** Why an image is not in a copy, or is asked about. What a newer server says is a copy that could not be stored. */
export function reasonText(t: Texts['t'], code: string): string {
  const known = REASONS.find((each) => each === code) ?? 'not-storable'
  return t(`deidentify.reason.${known}`)
}
