import { ApiError } from '../client/api-error.ts'
import type { TextKey } from './text-key.ts'
import type { Texts } from './texts.ts'

/** What went wrong and what to do, in the reader's language: our sentence for the code, else the server's own. */
export function errorText(t: Texts['t'], error: unknown): string {
  if (!(error instanceof ApiError)) return t('shell.error.unknown')
  // Codes are the server's, so whether there is a sentence is only known now; `t` answers the key when there is none.
  const key = `shell.error.${error.code}`
  const sentence = t(key as TextKey)
  return sentence === key ? error.message : sentence
}
