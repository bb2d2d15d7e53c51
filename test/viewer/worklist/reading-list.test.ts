import { describe, expect, it } from 'vitest'
import { besideInList, keepReadingList } from '../../../viewer/worklist/reading-list.ts'

describe('besideInList', () => {
  it('is the neighbour of a study in the list as it was seen, where that is known', () => {
    const row = (studyInstanceUid: string) => ({ studyInstanceUid })
    keepReadingList(
      new Map([
        [0, row('a')],
        [1, row('b')],
        [4, row('c')],
      ]),
    )
    expect(besideInList('a', 1)).toBe('b')
    expect(besideInList('b', -1)).toBe('a')
    expect(besideInList('a', -1)).toBeUndefined()
    expect(besideInList('b', 1)).toBeUndefined()
    expect(besideInList('elsewhere', 1)).toBeUndefined()
  })
})
