import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessScope } from '../../../core/access/access-scope.ts'
import type { Principal } from '../../../core/access/principal.ts'
import { search, type SearchWithin } from '../../../core/archive/search.ts'
import { parseSearchQuery, type SearchLevel } from '../../../core/archive/search-query.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import type { Database } from '../../../core/ports/database.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/** What databases, patterns and regular expressions stumble over, beside plain letters. */
const LETTERS = ['a', 'A', 'b', 'é', 'É', '_', '%', '.', '(', ']', '+', "'", '张', '𠮷', ' ']
const PATTERN_LETTERS = [...LETTERS, '*', '*', '?', '\\']
/** One study each; its number is its Study Instance UID's last component. */
const VALUES = [
  ...['a', 'A', 'ab', 'aba', 'a_b', 'a%b', 'a.b', 'a(b', 'a]b', 'a+b', "a'b", 'a b', '%', '_', '.*'],
  ...['é', 'É', 'aé', 'aÉb', '张', '张a', '𠮷', '𠮷a', 'bé𠮷', '(', ''],
]
const ROOT = '1.2.826.0.1'

let app: TestApp
let ours: Principal
let others: Principal

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [first] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from organisation',
  )
  ours = { kind: 'system', organisationId: first?.organisation_id ?? '', reason: 'test' }
  others = { kind: 'system', organisationId: await app.organisation('Another hospital'), reason: 'test' }
  for (const [number, value] of VALUES.entries()) {
    const file = dicom()
      .ct({ rows: 4, columns: 4 })
      .uids({ study: `${ROOT}.${number}`, series: `${ROOT}.${number}.1`, instance: `${ROOT}.${number}.1.1` })
      .set('PatientID', 'LO', [value])
      .set('StudyDescription', 'LO', [value])
      .set('PatientName', 'PN', [{ Alphabetic: `${value}^X`, Ideographic: value }])
      .set('StudyDate', 'DA', [`2026010${(number % 3) + 1}`])
      .set('SeriesNumber', 'IS', [number])
    await store(ours, file.build())
  }
  // Another organisation has a study of the same UID.
  const theirs = dicom().ct({ rows: 4, columns: 4 })
  await store(others, theirs.uids({ study: `${ROOT}.0`, series: '2.25.1', instance: '2.25.2' }).build())
})
afterAll(() => app.close())

async function store(principal: Principal, bytes: Uint8Array): Promise<void> {
  const answer = await storeInstance(app.pacs, principal, { bytes: inPieces(bytes), source: 'stow-rs' })
  expect(answer.kind).toBe('stored')
}
const scopeOf = (principal: Principal) => accessScope(principal, Date.now())
const ask = (query: string | Record<string, string>, level: SearchLevel = 'study', principal = ours) =>
  search(app.pacs, scopeOf(principal), level, parseSearchQuery(new URLSearchParams(query)))
const uidOf = (answer: DicomJson): string => firstString(answer, Tag.StudyInstanceUID) ?? ''
/** The values of the studies that were found, in the order of their numbers. */
async function found(query: Record<string, string>): Promise<string[]> {
  const { answers } = await ask(query)
  const numbers = answers.map((answer) => Number(uidOf(answer).slice(ROOT.length + 1)))
  return numbers.sort((a, b) => a - b).map((number) => VALUES[number] ?? '?')
}

/** Wild card matching as PS3.4 C.2.2.2.4 says it: `*` any characters, `?` any one, the rest themselves. */
function wildcard(pattern: string): (value: string) => boolean {
  if (pattern === '') return () => true
  const source = [...pattern].map((letter) =>
    letter === '*' ? '.*' : letter === '?' ? '.' : letter.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  )
  const regex = new RegExp(`^${source.join('')}$`, 'su')
  return (value) => regex.test(value)
}
/** Outer spaces of a value mean nothing (PS3.5 6.2); those of a pattern with wildcards are what it says. */
const meant = (pattern: string): string => (/[*?]/.test(pattern) ? pattern : pattern.trim())
const pattern = fc
  .array(fc.constantFrom(...PATTERN_LETTERS), { minLength: 0, maxLength: 4 })
  .map((letters) => letters.join(''))
  // A value of nothing but spaces is an empty one (PS3.4 C.2.2.2.3).
  .filter((text) => text === '' || text.trim() !== '')
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()

describe('matching of text', () => {
  it('compares Patient ID letter by letter, whatever the pattern', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        expect(await found({ PatientID: text })).toEqual(VALUES.filter(wildcard(meant(text))))
      }),
      { numRuns: 300 },
    )
  })

  it('compares descriptions without regard to case', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        const matches = wildcard(meant(text).toLowerCase())
        expect(await found({ StudyDescription: text })).toEqual(
          VALUES.filter((value) => matches(value.toLowerCase())),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('compares a name group by group, without regard to case and accents', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async (text) => {
        const matches = wildcard(plain(text).replace(/ {2,}/g, ' ').trim())
        expect(await found({ PatientName: text })).toEqual(
          VALUES.filter((value) => [`${value}^X`, value].some((group) => matches(plain(group)))),
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('matching of names', () => {
  const named = async (name: string, more: Record<string, string> = {}): Promise<string[]> => {
    const { answers } = await ask({ PatientName: name, ...more }, 'study', others)
    return answers.map((answer) => firstString(answer, Tag.PatientID) ?? '').sort()
  }
  beforeAll(async () => {
    const names: [id: string, groups: Record<string, string>][] = [
      ['family', { Alphabetic: 'Li' }],
      ['both', { Alphabetic: 'Li^Na', Ideographic: '李^娜' }],
      ['middle', { Alphabetic: 'Li^Na^Mary' }],
      ['longer', { Alphabetic: 'Lin^Na' }],
      ['bar', { Alphabetic: 'Li|Na' }],
    ]
    for (const [id, groups] of names)
      await store(
        others,
        dicom()
          .ct({ rows: 4, columns: 4 })
          .set('PatientName', 'PN', [groups])
          .set('PatientID', 'LO', [id])
          .build(),
      )
  })

  it.each([
    ['li', ['family']],
    ['li^', ['family']],
    ['li^^', ['family']],
    ['li^na', ['both']],
    ['li^na^', ['both']],
    // What is empty at the end of a name is not written.
    ['li^*', ['both', 'family', 'middle']],
    ['li^na^*', ['both', 'middle']],
    ['li*', ['bar', 'both', 'family', 'longer', 'middle']],
    ['li^?a', ['both']],
    ['li^*=李*', ['both']],
    ['=李^*', ['both']],
    ['li|na', ['bar']],
    ['li^na|李^娜', []],
  ])('%s finds %j', async (name, ids) => {
    expect(await named(name)).toEqual(ids)
  })

  it('finds by the beginnings of words, in any order, when it is to be fuzzy', async () => {
    expect(await named('na li', { fuzzymatching: 'true' })).toEqual(['bar', 'both', 'longer', 'middle'])
    expect(await named('mar', { fuzzymatching: 'true' })).toEqual(['middle'])
    expect(await named('娜', { fuzzymatching: 'true' })).toEqual(['both'])
    expect(await named('a', { fuzzymatching: 'true' })).toEqual([])
  })
})

describe('order and pages', () => {
  const all = async (level: SearchLevel) => (await ask('', level)).answers

  it('has the newest study first, then the UIDs in order; series by number', async () => {
    const key = (answer: DicomJson) => [firstString(answer, Tag.StudyDate) ?? '', uidOf(answer)] as const
    const keys = (await all('study')).map(key)
    const sorted = [...keys].sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a > b ? -1 : 1))
    expect(keys).toEqual(sorted)
    expect(keys).toHaveLength(VALUES.length)
  })

  it.each(['study', 'series', 'instance'] as const)(
    'puts pages of each %s together to the whole',
    async (level) => {
      const whole = await all(level)
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (limit) => {
          const pages: DicomJson[] = []
          for (let offset = 0; ; offset += limit) {
            const page = await ask({ limit: String(limit), offset: String(offset) }, level)
            pages.push(...page.answers)
            expect(page.more).toBe(pages.length < whole.length)
            if (!page.more) break
          }
          expect(pages).toEqual(whole)
        }),
        { numRuns: 5 },
      )
    },
  )

  it('gives at most 5,000 at a time, and says that there is more', async () => {
    const many: Principal = {
      kind: 'system',
      organisationId: await app.organisation('A large hospital'),
      reason: 'test',
    }
    await app.pacs.database.query(
      `insert into study (study_id, organisation_id, study_instance_uid, first_received_at, last_received_at, attributes,
         first_instance_id)
       select gen_random_uuid(), $1, '1.' || n, now(), now(), '{}', gen_random_uuid() from generate_series(1, 5003) n`,
      [many.organisationId],
    )
    const first = await ask('', 'study', many)
    expect([first.answers.length, first.more]).toEqual([5000, true])
    const greedy = await ask('limit=100000', 'study', many)
    expect([greedy.answers.length, greedy.more]).toEqual([5000, true])
    const rest = await ask('offset=5000', 'study', many)
    expect([rest.answers.length, rest.more]).toEqual([3, false])
  })
})

describe('a far page of all studies', () => {
  it('is where it would be if all before it were counted, whatever the dates', async () => {
    const many: Principal = {
      kind: 'system',
      organisationId: await app.organisation('A hospital of ten years'),
      reason: 'test',
    }
    await app.pacs.database.query(
      `insert into study (study_id, organisation_id, study_instance_uid, study_date, study_time, first_received_at,
         last_received_at, attributes, first_instance_id)
       select gen_random_uuid(), $1, '1.' || n, (array['', '20260101', '20251231', '20251201', '1999', 'x'])[1 + n % 6],
         n % 2 || '', now(), now(), '{}', gen_random_uuid() from generate_series(1, 1500) n`,
      [many.organisationId],
    )
    const whole = (await ask('', 'study', many)).answers.map(uidOf)
    expect(whole).toHaveLength(1500)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 480, max: 1510 }),
        fc.integer({ min: 1, max: 300 }),
        async (offset, limit) => {
          const page = await ask({ limit: String(limit), offset: String(offset) }, 'study', many)
          expect(page.answers.map(uidOf)).toEqual(whole.slice(offset, offset + limit))
          expect(page.more).toBe(offset + limit < whole.length)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('matching of what is requested of a series', () => {
  const request = (step: string, procedure: string) => ({
    [Tag.ScheduledProcedureStepID]: { vr: 'SH', Value: [step] },
    [Tag.RequestedProcedureID]: { vr: 'SH', Value: [procedure] },
  })
  beforeAll(() =>
    store(
      others,
      dicom()
        .ct({ rows: 4, columns: 4 })
        .set('PatientID', 'LO', ['requested'])
        .set('RequestAttributesSequence', 'SQ', [request('SPS_1', 'RP1'), request('SPS-2', 'RP2')])
        .build(),
    ),
  )

  it.each([
    ['SPS_1', 1],
    ['SPS-2', 1],
    ['SPS', 0],
    ['sps-2', 0],
    ['SPS?2', 1],
    ['*2', 1],
    ['SPS__*', 0],
    ['RP1', 0],
  ])('any item of the sequence may have the ID %s', async (value, count) => {
    const { answers } = await ask(
      { 'RequestAttributesSequence.ScheduledProcedureStepID': value },
      'series',
      others,
    )
    expect(answers).toHaveLength(count)
  })
})

describe('scope and place', () => {
  it('answers each organisation its own study of one UID', async () => {
    const idsOf = async (principal: Principal) =>
      (await ask(`StudyInstanceUID=${ROOT}.0`, 'instance', principal)).answers.map((answer) =>
        firstString(answer, Tag.SOPInstanceUID),
      )
    expect(await idsOf(ours)).toEqual([`${ROOT}.0.1.1`])
    expect(await idsOf(others)).toEqual(['2.25.2'])
  })

  it('answers nothing to whom nothing may be shown', async () => {
    const nobody: Principal = {
      kind: 'user',
      userId: randomUUID(),
      organisationId: ours.organisationId,
      roles: [],
    }
    for (const level of ['study', 'series', 'instance'] as const)
      expect((await ask('includefield=all', level, nobody)).answers).toEqual([])
  })

  it('stays within the study and series that the address names, whatever the query says', async () => {
    const within = { studyInstanceUid: `${ROOT}.1`, seriesInstanceUid: `${ROOT}.1.1` }
    const query = parseSearchQuery(new URLSearchParams(`StudyInstanceUID=${ROOT}.2`))
    expect((await search(app.pacs, scopeOf(ours), 'instance', query, within)).answers).toEqual([])
    const { answers } = await search(
      app.pacs,
      scopeOf(ours),
      'instance',
      parseSearchQuery(new URLSearchParams()),
      within,
    )
    expect(answers.map((answer) => firstString(answer, Tag.SOPInstanceUID))).toEqual([`${ROOT}.1.1.1`])
    // What the address says is not answered again, but for the UIDs.
    expect(firstString(answers[0] ?? {}, Tag.SeriesInstanceUID)).toBe(`${ROOT}.1.1`)
    expect(answers[0]).not.toHaveProperty(Tag.Modality)
    expect(answers[0]).not.toHaveProperty(Tag.PatientName)
  })

  it('has what is in a study planned once: under a name that goes with one text, and no other', async () => {
    const asked: { name: string | undefined; text: string }[] = []
    const database: Database = Object.assign(Object.create(app.pacs.database) as Database, {
      query: (...[text, params, options]: Parameters<Database['query']>) => {
        asked.push({ name: options?.name, text })
        return app.pacs.database.query(text, params, options)
      },
    })
    const guest = accessScope(
      { kind: 'user', userId: randomUUID(), organisationId: ours.organisationId, roles: ['technician'] },
      Date.now(),
    )
    const study = { studyInstanceUid: `${ROOT}.1` }
    const series = { ...study, seriesInstanceUid: `${ROOT}.1.1` }
    const namesOf = async (level: SearchLevel, within: SearchWithin, query = '', scope = scopeOf(ours)) => {
      asked.length = 0
      await search(
        { ...app.pacs, database },
        scope,
        level,
        parseSearchQuery(new URLSearchParams(query)),
        within,
      )
      return asked
    }
    for (const [level, within, name] of [
      ['series', study, 'search-series-of-study'],
      ['instance', study, 'search-instance-of-study'],
      ['instance', series, 'search-instance-of-series'],
    ] as const) {
      const [one] = await namesOf(level, within)
      expect(one?.name).toBe(name)
      // PostgreSQL keeps one text for a name.
      const another = { ...within, studyInstanceUid: `${ROOT}.2` }
      const [again] = await namesOf(level, another, 'limit=3&offset=1', scopeOf(others))
      expect(again).toEqual(one)
      expect((await namesOf(level, within, 'Modality=CT'))[0]?.name).toBeUndefined()
      expect((await namesOf(level, within, '', guest))[0]?.name).toBeUndefined()
    }
    expect((await namesOf('study', {}))[0]?.name).toBeUndefined()
  })

  it('names what it does not match at a level, and finds by the rest', async () => {
    const { answers, unheeded } = await ask('PatientID=ab&Modality=MR&Rows=4&nonsense=1&PatientAge=1')
    expect(answers.map(uidOf)).toEqual([`${ROOT}.${VALUES.indexOf('ab')}`])
    expect(unheeded).toEqual([Tag.Modality, Tag.Rows, Tag.PatientAge, 'nonsense'])
  })
})
