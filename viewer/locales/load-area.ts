import type { LoadArea } from './texts.ts'

type Sentences = Record<string, string>

const FILES = import.meta.glob<Sentences>('./*/*.json', { import: 'default' })

/** Loads one area's sentences as a small chunk of its own. */
export const loadArea: LoadArea = async (language, area) => {
  const load = FILES[`./${language}/${area}.json`]
  if (load === undefined) throw new Error(`There is no catalogue ${language}/${area}.`)
  return load()
}
