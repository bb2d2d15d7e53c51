import { describe, expect, it } from 'vitest'
import { displayPersonName } from '../../../viewer/ui/person-name.ts'

describe('displayPersonName', () => {
  const wang = { Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' }

  it('puts the ideographic name first in Chinese, without separators', () => {
    expect(displayPersonName(wang, 'zh-CN')).toEqual({ primary: '王小东', secondary: 'Wang, XiaoDong' })
  })

  it('puts the alphabetic name first in English', () => {
    expect(displayPersonName(wang, 'en')).toEqual({ primary: 'Wang, XiaoDong', secondary: '王小东' })
  })

  it.each([
    ['Doe^John^Q^Dr^Jr', 'Doe, Dr John Q, Jr'],
    ['Doe', 'Doe'],
    ['^John', 'John'],
    ['王^小东', '王小东'],
    ['^^^^', ''],
  ])('shows %s as %s', (group, shown) => {
    expect(displayPersonName({ Alphabetic: group }, 'en').primary).toBe(shown)
  })

  it('falls back to whichever group there is, and to nothing', () => {
    expect(displayPersonName({ Alphabetic: 'Doe^Jane' }, 'zh-CN').primary).toBe('Doe, Jane')
    expect(displayPersonName({ Phonetic: 'やまだ^たろう' }, 'en').primary).toBe('やまだたろう')
    expect(displayPersonName(null, 'en')).toEqual({ primary: '', secondary: '' })
  })
})
