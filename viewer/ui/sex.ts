import type { Texts } from '../locales/texts.ts'

const SEXES = { M: 'shell.sex.M', F: 'shell.sex.F', O: 'shell.sex.O' } as const

const isKnown = (value: string): value is keyof typeof SEXES => Object.hasOwn(SEXES, value)

/** Patient's Sex (0010,0040) in the reader's language; a value that the standard does not know as it is. Source: PS3.3 C.2.3. */
export const displaySex = (value: string, t: Texts['t']): string => (isKnown(value) ? t(SEXES[value]) : value)
