import type { Language } from './language.ts'
import type { Area, TextKey } from './text-key.ts'

type Catalogue = Readonly<Record<string, string>>
export type TextValues = Readonly<Record<string, string | number>>
export type LoadArea = (language: Language, area: Area) => Promise<Catalogue>

/**
 * The sentences of the product in the language chosen: areas are loaded when a page needs them, and a change of
 * language takes effect at once, when all that is loaded has been loaded in the new one.
 *
 * A key is `area.name`. `{count}` and other values are filled in; a key with `count` picks `name_one` or
 * `name_other` by the language's plural rule.
 */
export class Texts {
  #language: Language
  #version = 0
  readonly #load: LoadArea
  readonly #areas = new Set<Area>()
  readonly #catalogues = new Map<string, Catalogue>()
  readonly #listeners = new Set<() => void>()

  constructor(language: Language, load: LoadArea) {
    this.#language = language
    this.#load = load
  }

  get language(): Language {
    return this.#language
  }

  /** Grows with every change of what `t` answers. */
  get version(): number {
    return this.#version
  }

  async loadAreas(...areas: Area[]): Promise<void> {
    for (const area of areas) this.#areas.add(area)
    await this.#loadFor(this.#language, areas)
    this.#changed()
  }

  async changeLanguage(language: Language): Promise<void> {
    await this.#loadFor(language, [...this.#areas])
    this.#language = language
    this.#changed()
  }

  readonly t = (key: TextKey, values: TextValues = {}): string => {
    const dot = key.indexOf('.')
    const name = key.slice(dot + 1)
    const catalogue = this.#catalogues.get(`${this.#language}/${key.slice(0, dot)}`)
    const sentence = catalogue?.[name] ?? pluralOf(catalogue, name, this.#language, values['count'])
    // A missing sentence shows its key: ugly on purpose, and never a blank button.
    return sentence === undefined ? key : fillIn(sentence, values, this.#language)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #loadFor(language: Language, areas: readonly Area[]): Promise<void> {
    await Promise.all(
      areas.map(async (area) => {
        const place = `${language}/${area}`
        if (!this.#catalogues.has(place)) this.#catalogues.set(place, await this.#load(language, area))
      }),
    )
  }

  #changed(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

function pluralOf(
  catalogue: Catalogue | undefined,
  name: string,
  language: Language,
  count: string | number | undefined,
): string | undefined {
  if (catalogue === undefined) return undefined
  const rule = new Intl.PluralRules(language).select(Number(count ?? 0))
  return catalogue[`${name}_${rule}`] ?? catalogue[`${name}_other`]
}

function fillIn(sentence: string, values: TextValues, language: Language): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value
  })
}
