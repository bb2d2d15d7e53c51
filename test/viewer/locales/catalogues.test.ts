import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../../viewer/locales')
const areas = readdirSync(join(ROOT, 'en'))

const read = (language: string, area: string): Record<string, string> =>
  JSON.parse(readFileSync(join(ROOT, language, area), 'utf8')) as Record<string, string>

/** Chinese has one plural form, English two. */
const bases = (catalogue: Record<string, string>): string[] =>
  [...new Set(Object.keys(catalogue).map((key) => key.replace(/_(?:one|other)$/, '')))].sort()

const placeholders = (sentence: string): string[] =>
  [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort()

describe('the catalogues', () => {
  it('have the same areas in both languages', () => {
    expect(readdirSync(join(ROOT, 'zh-CN'))).toEqual(areas)
  })

  it.each(areas)('%s has the same sentences in both languages', (area) => {
    expect(bases(read('zh-CN', area))).toEqual(bases(read('en', area)))
  })

  it.each(areas)('%s fills the same values into both languages', (area) => {
    const english = read('en', area)
    const chinese = read('zh-CN', area)
    for (const [key, sentence] of Object.entries(chinese)) {
      const same = english[key] ?? english[key.replace(/_other$/, '')] ?? ''
      expect(placeholders(sentence), key).toEqual(placeholders(same))
    }
  })

  it.each(areas)('%s has both plural forms in English and no empty sentence', (area) => {
    const english = read('en', area)
    for (const key of Object.keys(english)) {
      if (key.endsWith('_one')) expect(english).toHaveProperty([key.replace(/_one$/, '_other')])
      if (key.endsWith('_other')) expect(english).toHaveProperty([key.replace(/_other$/, '_one')])
    }
    for (const sentence of [...Object.values(english), ...Object.values(read('zh-CN', area))]) {
      expect(sentence.trim()).not.toBe('')
    }
  })
})
