import { describe, expect, it } from 'vitest'
import { parseSearchQuery } from '../../../core/archive/search-query.ts'

const parse = (query: string) => parseSearchQuery(new URLSearchParams(query))

describe('parseSearchQuery', () => {
  it('asks for everything when it says nothing', () => {
    expect(parse('')).toEqual({
      matches: [],
      include: [],
      includeAll: false,
      fuzzy: false,
      limit: undefined,
      offset: 0,
      unknown: [],
    })
  })

  it.each([
    ['PatientName=a', '00100010'],
    ['00100010=a', '00100010'],
    ['0020000d=a', '0020000D'],
    ['RequestAttributesSequence.ScheduledProcedureStepID=a', '00400275.00400009'],
    ['00400275.00401001=a', '00400275.00401001'],
    ['RequestAttributesSequence.00401001=a', '00400275.00401001'],
  ])('%s matches %s', (query, path) => {
    expect(parse(query).matches).toEqual([{ path, value: 'a' }])
  })

  it('keeps each of several matches, and values as they were given', () => {
    expect(parse('PatientID=a%20b%5Cc&PatientID=*&StudyDate=').matches).toEqual([
      { path: '00100020', value: 'a b\\c' },
      { path: '00100020', value: '*' },
      { path: '00080020', value: '' },
    ])
  })

  it('takes what it does not know for unknown, a path with an unknown part too', () => {
    const { matches, unknown } = parse(
      'nonsense=1&PatientName.nonsense=2&1234=3&includefield=nothing,StudyID',
    )
    expect(matches).toEqual([])
    expect(unknown).toEqual(['nonsense', 'PatientName.nonsense', '1234', 'nothing'])
  })

  it('takes ways of matching that there are not for unknown, where they are wished for', () => {
    expect(parse('emptyvaluematching=true&multiplevaluematching=true')).toMatchObject({
      matches: [],
      unknown: ['emptyvaluematching', 'multiplevaluematching'],
    })
    expect(parse('emptyvaluematching=false').unknown).toEqual([])
  })

  it('includes fields by keyword and tag, listed and repeated', () => {
    const query = parse('includefield=StudyDescription, 00081030&includefield=00180015&includefield=')
    expect(query).toMatchObject({
      include: ['00081030', '00081030', '00180015'],
      includeAll: false,
      unknown: [],
    })
    expect(parse('includefield=StudyID,ALL')).toMatchObject({
      include: ['00200010'],
      includeAll: true,
      unknown: [],
    })
  })

  it('reads pages and flags, whatever their case, and takes them for no attribute', () => {
    expect(
      parse('limit=10&offset=20&fuzzymatching=true&accept=x&charset=y&EmptyValueMatching=false'),
    ).toEqual({
      matches: [],
      include: [],
      includeAll: false,
      fuzzy: true,
      limit: 10,
      offset: 20,
      unknown: [],
    })
    expect(parse('fuzzymatching=&limit=&offset=')).toMatchObject({
      fuzzy: false,
      limit: undefined,
      offset: 0,
    })
  })

  it.each([
    ['limit=-1', 'limit-invalid'],
    ['limit=1e3', 'limit-invalid'],
    ['limit=9999999999', 'limit-invalid'],
    ['offset=a', 'offset-invalid'],
    ['fuzzymatching=1', 'fuzzymatching-invalid'],
    ['PatientID=%00', 'match-value-invalid'],
  ])('refuses %s', (query, code) => {
    expect(() => parse(query)).toThrowError(expect.objectContaining({ kind: 'invalid', code }))
  })
})
