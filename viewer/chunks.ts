import { READING_AREAS } from './shell/reading-areas.ts'

const READING_TEXTS = new RegExp(
  `[\\\\/]locales[\\\\/]([\\w-]+)[\\\\/](?:${READING_AREAS.join('|')})\\.json$`,
)

/** Of leaves alone, which import nothing that imports them: files that did would be evaluated in whichever order they come. */
const together = (name: string, test: RegExp) => ({ name, test, includeDependenciesRecursively: false })

/**
 * What several pages share would be a file for each set of pages, hundreds of bytes each. A browser asks a server over six connections, and
 * on a far link every turn of these is waited for.
 */
export const chunks = {
  groups: [
    {
      // The sentences of the reading room: a file for each language.
      name: (id: string): string | null => {
        const language = READING_TEXTS.exec(id)?.[1]
        return language === undefined ? null : `reading-texts-${language}`
      },
    },
    together('icons', /[\\/]lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/]/),
    together('query', /[\\/]@tanstack[\\/](?:react-)?query/),
    together(
      'space',
      /[\\/]core[\\/](?:volume[\\/][\w-]+|measurements[\\/](?:space|plane|frame-planes|stack-places))\.ts$/,
    ),
  ],
}
