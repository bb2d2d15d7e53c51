import { READING_AREAS } from './shell/reading-areas.ts'

const READING_TEXTS = new RegExp(
  `[\\\\/]locales[\\\\/]([\\w-]+)[\\\\/](?:${READING_AREAS.join('|')})\\.json$`,
)

/**
 * The sentences of the reading room are one file a language: a browser asks a server over six connections, and on a far link
 * every turn of these is waited for.
 */
export const chunks = {
  groups: [
    {
      name: (id: string): string | null => {
        const language = READING_TEXTS.exec(id)?.[1]
        return language === undefined ? null : `reading-texts-${language}`
      },
    },
  ],
}
