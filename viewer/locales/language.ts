export const LANGUAGES = ['en', 'zh-CN'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED_AS = 'yunying.language'

/** The language to start in: what was chosen on this machine, else what the browser asks for. */
export function firstLanguage(storage: Pick<Storage, 'getItem'>, preferred: readonly string[]): Language {
  const stored = asLanguage(storage.getItem(STORED_AS))
  if (stored !== undefined) return stored
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'en'
}

/** Keeps the language for the next visit, before anyone has signed in. */
export function rememberLanguage(storage: Pick<Storage, 'setItem'>, language: Language): void {
  storage.setItem(STORED_AS, language)
}

/** The language of that name, if it is one of ours. */
export function asLanguage(name: string | null | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === name)
}
