import { describe, expect, it } from 'vitest'
import { firstLanguage } from '../../../viewer/locales/language.ts'
import { loadArea } from '../../../viewer/locales/load-area.ts'
import { Texts } from '../../../viewer/locales/texts.ts'

describe('Texts', () => {
  it('answers in the new language at once when it has changed, and tells its listeners', async () => {
    const texts = new Texts('en', loadArea)
    await texts.loadAreas('worklist')
    let told = 0
    texts.subscribe(() => (told += 1))
    expect(texts.t('worklist.title')).toBe('Worklist')
    await texts.changeLanguage('zh-CN')
    expect(texts.t('worklist.title')).toBe('检查列表')
    expect(told).toBe(1)
  })

  it('chooses the plural form by the language and writes numbers as it does', async () => {
    const texts = new Texts('en', loadArea)
    await texts.loadAreas('worklist')
    expect(texts.t('worklist.total', { count: 1 })).toBe('1 study')
    expect(texts.t('worklist.total', { count: 12000 })).toBe('12,000 studies')
    await texts.changeLanguage('zh-CN')
    expect(texts.t('worklist.total', { count: 1 })).toBe('1 个检查')
  })

  it('shows the key of a sentence that is not loaded', () => {
    expect(new Texts('en', loadArea).t('worklist.title')).toBe('worklist.title')
  })
})

describe('firstLanguage', () => {
  it.each([
    [null, ['zh-Hans-CN', 'en'], 'zh-CN'],
    [null, ['de', 'en-GB'], 'en'],
    [null, ['fr'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
    ['klingon', ['zh'], 'zh-CN'],
  ])('takes %s before %s', (stored, preferred, language) => {
    expect(firstLanguage({ getItem: () => stored }, preferred)).toBe(language)
  })
})
