import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillArchive, MADE, madePatientId } from '../../../bench/search/fill-archive.ts'
import { statementsOf } from '../../../bench/search/measure-question.ts'
import type { Question } from '../../../bench/search/questions.ts'
import { accessScope } from '../../../core/access/access-scope.ts'
import { withinOrganisation } from '../../../core/access/organisation-wall.ts'
import { foldText } from '../../../core/archive/fold-text.ts'
import { lettersOf } from '../../../core/archive/search-letters.ts'
import { parseSearchQuery } from '../../../core/archive/search-query.ts'
import { search } from '../../../core/archive/search.ts'
import { insertStudies, type NewStudy } from '../../../core/archive/study-table.ts'
import { WorklistQuery } from '../../../core/contract/api.ts'
import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { listWorklist } from '../../../core/worklist/list-worklist.ts'
import { openTestDatabase } from '../../support/test-backing.ts'

const OBJECTS = {} as never
const scopeOf = (organisationId: string) =>
  accessScope({ kind: 'system', organisationId, reason: 'test' }, Date.now())

/** Chinese, one beyond the Basic Multilingual Plane, kana, hangul, Latin with and without accents, full width, digits, signs. */
const LETTERS = [...'张伟王𠮷か가aAbéÉzＺ12_%.-']
const NAME_LETTERS = [...LETTERS, ' ', '^', '^']
/** Folding leaves these as they are. */
const PLAIN_LETTERS = [...'张伟aAbZ012_%.- ']
const textOf = (letters: readonly string[], min: number, max: number) =>
  fc
    .array(fc.constantFrom(...letters), { minLength: min, maxLength: max })
    .map((parts) => parts.join('').trim())
const patternOf = (letters: readonly string[]) =>
  fc
    .array(fc.oneof({ weight: 2, arbitrary: fc.constantFrom('*', '?') }, fc.constantFrom(...letters)), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => parts.join('').trim())
    .filter((text) => text !== '')

interface Patient {
  readonly uid: string
  readonly groups: readonly [string, string, string]
  readonly patientId: string
  readonly description: string
}
const PATIENTS = 150
const patients: Patient[] = fc
  .sample(
    fc.record({
      groups: fc.tuple(
        textOf(NAME_LETTERS, 0, 6),
        textOf([...'张伟王𠮷小^'], 0, 4),
        textOf([...'かきさ가김^'], 0, 3),
      ),
      patientId: textOf([...'AB0011223344556677'], 1, 9),
      description: textOf(PLAIN_LETTERS, 0, 7),
    }),
    { numRuns: PATIENTS, seed: 7 },
  )
  .map((patient, index) => ({ uid: `1.2.${index}`, ...patient }))

const element = (vr: string, value: unknown) => ({ vr, Value: [value] })
const studyOf = (organisationId: string, patient: Patient): NewStudy => ({
  organisationId,
  studyInstanceUid: patient.uid,
  studyId: randomUUID(),
  firstInstanceId: randomUUID(),
  header: {
    [Tag.StudyInstanceUID]: element('UI', patient.uid),
    [Tag.PatientName]: element('PN', {
      Alphabetic: patient.groups[0],
      Ideographic: patient.groups[1],
      Phonetic: patient.groups[2],
    }),
    [Tag.PatientID]: element('LO', patient.patientId),
    [Tag.StudyDescription]: element('LO', patient.description),
  } as NewStudy['header'],
  firstReceivedAt: 0,
  lastReceivedAt: 0,
  modalities: [],
  seriesCount: 0,
  instanceCount: 0,
})

/** Matching of a whole value (PS3.4 C.2.2.2.4). */
function matches(pattern: string, value: string): boolean {
  const source = [...pattern].map((letter) =>
    letter === '*' ? '.*' : letter === '?' ? '.' : letter.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  )
  return new RegExp(`^${source.join('')}$`, 'su').test(value)
}
/** The same of a group of a name: components that are empty at the end are not written. */
function namesGroup(pattern: string, group: string): boolean {
  const meant = foldText(pattern).replace(/\^+$/, '')
  return matches(meant, group) || (meant.endsWith('^*') && matches(meant.slice(0, -2), group))
}

/** As Chinese, Japanese and Korean write a name: nothing between its components, of which prefix and suffix are none. */
function written(folded: string): string {
  const joined = folded.split('^').slice(0, 3).join('').replaceAll(' ', '')
  return /^[张伟王𠮷小かさきが가김]+$/u.test(joined) ? joined : ''
}

describe.each([
  ['however the database finds them', []],
  ['by the index alone', ['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan']],
])('short texts are found as if each study were looked at, %s', (_, off) => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  const ours = randomUUID()
  const theirs = randomUUID()

  beforeAll(async () => {
    opened = await openTestDatabase()
    for (const setting of off)
      await opened.superuser.query(
        `do $$ begin execute format('alter database %I set ${setting} = off', current_database()); end $$`,
      )
    for (const organisation of [ours, theirs]) {
      await opened.database.query('insert into organisation (organisation_id, name) values ($1, $2)', [
        organisation,
        `hospital ${organisation}`,
      ])
      await insertStudies(
        opened.database,
        patients.map((patient) => studyOf(organisation, patient)),
      )
    }
    // Another has more of the same.
    await insertStudies(
      opened.database,
      patients.map((patient) => studyOf(theirs, { ...patient, uid: `${patient.uid}.1` })),
    )
  })
  afterAll(() => opened.close())

  const numbers = (uids: readonly string[]): string[] => [...uids].sort()
  const qido = async (query: Record<string, string>): Promise<string[]> => {
    const { answers } = await withinOrganisation(ours, () =>
      search(
        { database: opened.database, objects: OBJECTS },
        scopeOf(ours),
        'study',
        parseSearchQuery(new URLSearchParams(query)),
      ),
    )
    return numbers(answers.map((answer) => firstString(answer, Tag.StudyInstanceUID) ?? ''))
  }
  const where = (isRight: (patient: Patient) => boolean): string[] =>
    numbers(patients.filter(isRight).map(({ uid }) => uid))

  it('keeps of each text what is looked for of any part of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        textOf([...LETTERS, ' ', '\n', '7', '8'], 1, 24),
        fc.nat(),
        fc.nat(),
        async (text, from, length) => {
          const points = [...foldText(text)]
          const start = from % Math.max(1, points.length)
          const part = points.slice(start, start + 1 + (length % 7)).join('')
          const [row] = await opened.database.query<{ letters: number[] }>(
            'select letters_of($1) as letters',
            [points.join('')],
          )
          expect(row?.letters).toEqual(expect.arrayContaining(lettersOf([part])))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('words of the worklist', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(textOf([...LETTERS, ...'01234567'], 1, 3), { minLength: 1, maxLength: 2 }),
        async (words) => {
          const q = words.join(' ')
          const page = await withinOrganisation(ours, () =>
            listWorklist(
              { database: opened.database },
              scopeOf(ours),
              WorklistQuery.parse({ q, limit: 500, sort: 'patientId' }),
            ),
          )
          const sought = foldText(q)
            .split(' ')
            .filter((word) => word !== '')
          const expected = where(({ groups, patientId, description }) => {
            const folded = groups.map(foldText)
            const text = [
              ...folded,
              patientId.toLowerCase(),
              foldText(description),
              ...folded.map(written),
            ].join('\n')
            // Bars stand between groups, and nobody types one here.
            return sought.every((word) => text.includes(word))
          })
          expect(numbers(page.studies.map(({ studyInstanceUid }) => studyInstanceUid))).toEqual(expected)
          expect(page.total).toBe(expected.length)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('names by wildcards', async () => {
    await fc.assert(
      fc.asyncProperty(patternOf(NAME_LETTERS), async (pattern) => {
        expect(await qido({ PatientName: pattern })).toEqual(
          where(
            ({ groups }) =>
              pattern === '*' ||
              /^\^*$/.test(foldText(pattern)) ||
              groups.some((group) => group !== '' && namesGroup(pattern, foldText(group))),
          ),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('descriptions and IDs by wildcards', async () => {
    await fc.assert(
      fc.asyncProperty(patternOf(PLAIN_LETTERS), async (pattern) => {
        fc.pre(/[*?]/.test(pattern))
        expect(await qido({ StudyDescription: pattern })).toEqual(
          where(({ description }) => matches(pattern.toLowerCase(), description.toLowerCase())),
        )
      }),
      { numRuns: 200 },
    )
    await fc.assert(
      fc.asyncProperty(patternOf([...'AB0011223344556677']), async (pattern) => {
        fc.pre(/[*?]/.test(pattern))
        expect(await qido({ PatientID: pattern })).toEqual(
          where(({ patientId }) => matches(pattern, patientId)),
        )
      }),
      { numRuns: 200 },
    )
  })
})

describe('short texts in a large archive', () => {
  const STUDIES = 3000
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  beforeAll(async () => {
    opened = await openTestDatabase()
    await fillArchive(opened.superuser, STUDIES)
  })
  afterAll(() => opened.close())

  /** The plans of what is asked, behind the wall between organisations. */
  async function plansOf(ask: Question['ask']): Promise<string[]> {
    return withinOrganisation(MADE.organisationId, async () => {
      const plans: string[] = []
      for (const { statement, params } of await statementsOf(opened.database, { name: '', ask }, STUDIES)) {
        const rows = await opened.database.query<{ 'QUERY PLAN': string }>(`explain ${statement}`, params)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      }
      return plans.filter((plan) => /Scan.* on study st/.test(plan))
    })
  }
  const scope = scopeOf(MADE.organisationId)
  const BY_LETTERS = /Bitmap Index Scan on study_search[^\n]*\n\s+Index Cond: [^\n]*letters && /

  it.each(['仝', '仝龘', 'qx', '~', 'zhang qx', madePatientId(7), madePatientId(7).slice(-6)])(
    'of the worklist, %s is looked up among the letters, for the page and for the count',
    async (q) => {
      const plans = await plansOf((database) => listWorklist({ database }, scope, WorklistQuery.parse({ q })))
      expect(plans).toHaveLength(2)
      for (const plan of plans) expect(plan).toMatch(BY_LETTERS)
    },
  )

  it.each([
    'PatientName=*仝*',
    'PatientName=?仝*',
    'PatientName=*qx*',
    'PatientID=*qx',
    'PatientID=*0000123',
    'StudyDescription=*仝*',
  ])('%s is looked up among the letters', async (query) => {
    const plans = await plansOf((database) =>
      search(
        { database, objects: OBJECTS },
        scope,
        'study',
        parseSearchQuery(new URLSearchParams(`limit=25&${query}`)),
      ),
    )
    expect(plans).toHaveLength(1)
    for (const plan of plans) expect(plan).toMatch(BY_LETTERS)
  })

  it('two words are looked up at once, one by its trigrams and one by its letters', async () => {
    const plans = await plansOf((database) =>
      listWorklist({ database }, scope, WorklistQuery.parse({ q: 'foker qx' })),
    )
    for (const plan of plans)
      expect(plan).toMatch(/Index Cond: [^\n]*search_text ~~ '%foker%'[^\n]*letters && /)
  })
})
