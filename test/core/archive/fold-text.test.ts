import { describe, expect, it } from 'vitest'
import { foldText } from '../../../core/archive/fold-text.ts'

describe('foldText', () => {
  it.each([
    ['MÜLLER^Jörg', 'muller^jorg'],
    ['Strauß', 'strauss'],
    ['İstanbul IŞIK', 'istanbul isik'],
    ['Łukasz Øst Æble', 'lukasz ost aeble'],
    ['Люкceмбypг Ёлка', 'люкceмбypг елка'],
    ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
    ['Wang^XiaoDong=王^小东=', 'wang^xiaodong=王^小东='],
    ['Ｗａｎｇ　Ｗｅｉ', 'wang wei'],
    ['山田^太郎', '山田^太郎'],
    ['がくせい', 'がくせい'],
    ['김희중', '김희중'],
    ['ภาษาไทย', 'ภาษาไทย'],
    ['a\u0000b\u202ec\u200bd', 'abcd'],
    ['  Doe \r\n  John ', 'doe john'],
    ['WAN*^?', 'wan*^?'],
    ['', ''],
  ])('folds %j to %j', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  it('answers the same for composed and decomposed forms', () => {
    expect(foldText('Ame\u0301lie')).toBe(foldText('Am\u00e9lie'))
    expect(foldText('김'.normalize('NFD'))).toBe(foldText('김'))
  })

  it('folds a folded text to itself', () => {
    for (const text of ['Straße', 'ﬁne', '㈱', 'ǅ', 'ẞ', 'Œuvre', 'ⅷ', '½']) {
      expect(foldText(foldText(text))).toBe(foldText(text))
    }
  })
})
