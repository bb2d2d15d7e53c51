import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROLES, type Principal, type Role } from '../../../core/access/principal.ts'
import { mapConcurrently } from '../../../core/archive/map-concurrently.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

interface Person {
  readonly userId: string
  readonly token: string
  readonly organisation: number
  readonly roles: readonly Role[]
}

/** An instance as it came in: by whom (an index into the people; the archive itself else), and whether today. */
interface Arrival {
  readonly by: number | undefined
  readonly today: boolean
}
interface Grant {
  readonly to: number
  readonly until: 'ever' | 'gone' | 'later'
}
interface Study {
  readonly organisation: number
  /** Has the UID of the study before it, which may be another organisation's. */
  readonly sameUid: boolean
  readonly arrivals: readonly Arrival[]
  readonly grants: readonly Grant[]
}
type StoredStudy = Study & { readonly uid: string; readonly series: string; readonly instance: string }

const ORGANISATIONS = 2
/** Every set of roles but the empty one, in each organisation. */
const ROLE_SETS = Array.from({ length: 2 ** ROLES.length - 1 }, (_, set) =>
  ROLES.filter((_role, bit) => ((set + 1) >> bit) & 1),
)
const PEOPLE = ROLE_SETS.length * ORGANISATIONS

/** The page of rules in other words than the archive's: who may read a study now. */
function mayRead(person: Person, index: number, study: Study): boolean {
  if (person.organisation !== study.organisation) return false
  if (person.roles.includes('administrator') || person.roles.includes('radiologist')) return true
  const granted = study.grants.some(({ to, until }) => to === index && until !== 'gone')
  const uploaded = study.arrivals.some(({ by, today }) => by === index && today)
  const isGranted = granted && (person.roles.includes('reviewer') || person.roles.includes('referring'))
  return isGranted || (person.roles.includes('technician') && uploaded)
}

/** Every way to one study. */
const WAYS: readonly ((study: StoredStudy) => string)[] = [
  ({ uid }) => `/dicom-web/studies/${uid}`,
  ({ uid }) => `/dicom-web/studies/${uid}/metadata`,
  ({ uid }) => `/dicom-web/studies/${uid}/rendered`,
  ({ uid }) => `/dicom-web/studies/${uid}/series`,
  ({ uid }) => `/dicom-web/studies/${uid}/instances`,
  ({ uid, series }) => `/dicom-web/studies/${uid}/series/${series}`,
  ({ uid, series }) => `/dicom-web/studies/${uid}/series/${series}/metadata`,
  ({ uid, series }) => `/dicom-web/studies/${uid}/series/${series}/instances`,
  ({ uid, series, instance }) => `/dicom-web/studies/${uid}/series/${series}/instances/${instance}`,
  ({ uid, series, instance }) => `/dicom-web/studies/${uid}/series/${series}/instances/${instance}/metadata`,
  ({ uid, series, instance }) => `/dicom-web/studies/${uid}/series/${series}/instances/${instance}/frames/1`,
  ({ uid, series, instance }) =>
    `/dicom-web/studies/${uid}/series/${series}/instances/${instance}/bulkdata/7FE00010`,
  ({ uid, series, instance }) => `/dicom-web/studies/${uid}/series/${series}/instances/${instance}/rendered`,
  ({ uid }) => `/api/studies/${uid}`,
]

let app: TestApp
let organisations: string[]
const people: Person[] = []

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [row] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from organisation',
  )
  organisations = [row?.organisation_id ?? '', await app.organisation('Another hospital')]
  for (const [organisation, id] of organisations.entries())
    for (const roles of ROLE_SETS) people.push({ ...(await app.user(roles, id)), organisation, roles })
  expect(people).toHaveLength(PEOPLE)
}, 120_000)
afterAll(() => app.close())

const anybody = fc.integer({ min: 0, max: PEOPLE - 1 })
const world: fc.Arbitrary<Study[]> = fc.array(
  fc.record({
    organisation: fc.integer({ min: 0, max: ORGANISATIONS - 1 }),
    sameUid: fc.boolean(),
    arrivals: fc.array(fc.record({ by: fc.option(anybody, { nil: undefined }), today: fc.boolean() }), {
      minLength: 1,
      maxLength: 3,
    }),
    grants: fc.uniqueArray(
      fc.record({ to: anybody, until: fc.constantFrom('ever' as const, 'gone' as const, 'later' as const) }),
      { maxLength: 8, selector: ({ to }) => to },
    ),
  }),
  { minLength: 2, maxLength: 6 },
)

/** Puts the studies into the archive; one that has its UID of another of the same organisation is left out. */
async function store(studies: readonly Study[]): Promise<StoredStudy[]> {
  const stored: StoredStudy[] = []
  for (const study of studies) {
    const uid = (study.sameUid ? stored.at(-1)?.uid : undefined) ?? newUid()
    if (stored.some((other) => other.uid === uid && other.organisation === study.organisation)) continue
    const series = newUid()
    let instance = ''
    for (const arrival of study.arrivals) {
      instance = newUid()
      await storeArrival(study, arrival, { study: uid, series, instance })
    }
    for (const { to, until } of study.grants) {
      const expires = { ever: null, gone: '-1 hour', later: '1 hour' }[until]
      await app.pacs.database.query(
        `insert into study_grant (study_id, user_id, expires_at)
         select study_id, $3, now() + $4::interval from study where organisation_id = $1 and study_instance_uid = $2`,
        [organisations[study.organisation] ?? '', uid, people[to]?.userId ?? '', expires],
      )
    }
    stored.push({ ...study, uid, series, instance })
  }
  return stored
}

async function storeArrival(
  study: Study,
  { by, today }: Arrival,
  uids: { study: string; series: string; instance: string },
): Promise<void> {
  const organisationId = organisations[study.organisation] ?? ''
  const archive: Principal = { kind: 'system', organisationId, reason: 'test' }
  const file = dicom().ct({ rows: 4, columns: 4 }).uids(uids).build()
  const answer = await storeInstance(app.pacs, archive, { bytes: inPieces(file), source: 'upload' })
  expect(answer.kind).toBe('stored')
  // Two days either way: no midnight is near enough to change what is expected.
  await app.pacs.database.query(
    `update instance set received_by = $2, received_at = now() + $3::interval where sop_instance_uid = $1`,
    [uids.instance, by === undefined ? null : (people[by]?.userId ?? ''), today ? '2 days' : '-2 days'],
  )
}

const jsonOf = async (path: string, token: string): Promise<unknown> => {
  const answer = await app.fetch(path, { token, headers: { Accept: 'application/json' } })
  expect(answer.status).toBe(200)
  return answer.json()
}

it(
  'shows people exactly the studies that the page of rules allows them, by every way',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 0, max: WAYS.length - 1 }), async (studies, start) => {
        const stored = await store(studies)
        const faults = await mapConcurrently([...people.entries()], 4, async ([index, person]) => {
          const who = `${person.organisation} ${person.roles.join('+')}`
          const allowed = stored.filter((study) => mayRead(person, index, study)).map(({ uid }) => uid)
          const wrong: string[] = []
          const uids = stored.map(({ uid }) => uid).join(',')
          for (const level of ['studies', 'series', 'instances']) {
            const found = (await jsonOf(
              `/dicom-web/${level}?StudyInstanceUID=${uids}`,
              person.token,
            )) as DicomJson[]
            const shown = new Set(found.map((each) => firstString(each, Tag.StudyInstanceUID) ?? ''))
            if ([...shown].sort().join() !== [...new Set(allowed)].sort().join())
              wrong.push(`${who} finds ${[...shown].join()} of ${level}, not ${allowed.join()}`)
          }
          const worklist = (await jsonOf('/api/worklist?limit=500', person.token)) as {
            studies: { studyInstanceUid: string }[]
          }
          const listed = new Set(worklist.studies.map((each) => each.studyInstanceUid))
          for (const study of stored) {
            if (listed.has(study.uid) !== allowed.includes(study.uid))
              wrong.push(`${who} worklist ${study.uid}`)
            // Each person tries other ways; over the studies and the runs all of them are tried.
            for (const step of [0, 5, 9]) {
              const way = WAYS[(start + index + step) % WAYS.length]?.(study) ?? ''
              const answer = await app.fetch(way, { token: person.token })
              const text = await answer.text()
              const own = mayRead(person, index, study)
              // Where both organisations have the UID, the address without a series is that of one's own study.
              const known = own || !allowed.includes(study.uid) || way.includes(study.series)
              // A search within one's own study finds no series of the other's.
              const refused = answer.status === 404 || (answer.status === 200 && text === '[]')
              if (known && !(own ? answer.status === 200 && !refused : refused))
                wrong.push(`${who} ${answer.status} ${way}`)
            }
          }
          return wrong
        })
        expect(faults.flat()).toEqual([])
      }),
      { numRuns: 5, endOnFailure: true },
    )
  },
)
