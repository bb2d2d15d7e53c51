import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Principal, PersonRole } from '../../../core/access/principal.ts'
import { mapConcurrently } from '../../../core/archive/map-concurrently.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { seededRandom } from '../../../core/samples/shape/seeded-random.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const SEED = Number(process.env['YUNYING_TEST_SEED'] ?? 20261128)
const STUDIES = 500
const GRANTS = 500
const RULES = 40
const MODALITIES = ['CT', 'MR', 'XA', 'US'] as const
const REFERRERS = ['Chen^Wei', 'Wang^Fang', 'Li^Na'] as const
const ROLES: readonly PersonRole[] = [
  'administrator',
  'radiologist',
  'referring',
  'reviewer',
  'technician',
  'auditor',
]
/** People of each role in each organisation. */
const EACH = 1

interface Person {
  readonly index: number
  readonly organisation: number
  readonly role: PersonRole
  readonly token: string
  readonly userId: string
  readonly group: boolean
  readonly referrer: string | undefined
}
interface Study {
  readonly uid: string
  readonly organisation: number
  readonly modality: string
  readonly referrer: string
}
interface Rule {
  readonly organisation: number
  readonly for: { readonly role: PersonRole } | { readonly person: number } | { readonly group: true }
  readonly modalities: readonly string[]
  readonly referrers: readonly string[]
  readonly ended: boolean
}

const random = seededRandom(SEED)
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const some = <T>(list: readonly T[]): T[] => list.filter(() => random() < 0.4)
const often = (share: number): boolean => random() < share

let app: TestApp
const organisations: string[] = []
const people: Person[] = []
const studies: Study[] = []
const rules: Rule[] = []
/** `study person` of what was granted and has not ended. */
const granted = new Set<string>()
/** Roles that read by rules alone, of each organisation. */
const ruledRoles: readonly (readonly PersonRole[])[] = [['radiologist'], []]

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [first] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from organisation',
  )
  organisations.push(first?.organisation_id ?? '', await app.organisation('Another hospital'))
  await makePeople()
  await makeStudies()
  await makeGrants()
  await makeRules()
  await app.pacs.database.query(`select pg_notify('access_changed', '')`)
}, 240_000)
afterAll(() => app.close())

async function makePeople(): Promise<void> {
  for (const [organisation, id] of organisations.entries()) {
    await app.pacs.database.query('update organisation set ruled_roles = $2 where organisation_id = $1', [
      id,
      ruledRoles[organisation] ?? [],
    ])
    const groupId = crypto.randomUUID()
    await app.pacs.database.query('insert into user_group values ($1, $2, $3)', [groupId, id, 'Group'])
    for (const role of ROLES)
      for (let count = 0; count < EACH; count++) {
        const { token, userId } = await app.user([role], id)
        const group = often(0.5)
        const referrer = role === 'referring' ? pick(REFERRERS) : undefined
        if (group)
          await app.pacs.database.query('insert into user_group_member values ($1, $2, $3)', [
            id,
            groupId,
            userId,
          ])
        await app.pacs.database.query('update app_user set referrer_names = $2 where user_id = $1', [
          userId,
          referrer === undefined ? [] : [referrer],
        ])
        people.push({ index: people.length, organisation, role, token, userId, group, referrer })
      }
  }
}

async function makeStudies(): Promise<void> {
  const made = Array.from({ length: STUDIES }, () => ({
    // Now and then the UID of the study before it, in whichever organisation that is.
    again: often(0.1),
    organisation: often(0.5) ? 0 : 1,
    modality: pick(MODALITIES),
    referrer: pick(REFERRERS),
  }))
  for (const { again, ...study } of made) {
    const before = studies.at(-1)
    const isFirst = before !== undefined && before.uid !== studies.at(-2)?.uid
    const uid = again && isFirst && before.organisation !== study.organisation ? before.uid : newUid()
    studies.push({ ...study, uid })
  }
  await mapConcurrently(studies, 8, async (study) => {
    const organisationId = organisations[study.organisation] ?? ''
    const archive: Principal = { kind: 'system', organisationId, reason: 'test' }
    const file = dicom()
      .ct({ rows: 2, columns: 2 })
      .uids({ study: study.uid, series: newUid(), instance: newUid() })
      .set('Modality', 'CS', [study.modality])
      .set('ReferringPhysicianName', 'PN', [{ Alphabetic: study.referrer }])
      .build()
    expect((await storeInstance(app.pacs, archive, { bytes: inPieces(file), source: 'upload' })).kind).toBe(
      'stored',
    )
  })
}

async function makeGrants(): Promise<void> {
  for (let count = 0; count < GRANTS; count++) {
    const [study, person] = [pick(studies), pick(people)]
    const ended = often(0.3)
    const added = await app.pacs.database.query(
      `insert into study_grant (study_id, user_id, expires_at)
       select study_id, $3, case when $4 then now() - interval '1 hour' when $5 then now() + interval '1 hour' end
       from study where organisation_id = $1 and study_instance_uid = $2 on conflict do nothing returning 1`,
      [organisations[study.organisation] ?? '', study.uid, person.userId, ended, often(0.5)],
    )
    if (added.length > 0 && !ended) granted.add(`${studies.indexOf(study)} ${person.index}`)
  }
}

async function makeRules(): Promise<void> {
  for (let count = 0; count < RULES; count++) {
    const organisation = often(0.5) ? 0 : 1
    const chance = random()
    const candidates = people.filter((person) => person.organisation === organisation)
    const subject: Rule['for'] =
      chance < 0.4
        ? { role: pick(ROLES) }
        : chance < 0.8
          ? { person: pick(candidates).index }
          : { group: true }
    const rule: Rule = {
      organisation,
      for: subject,
      modalities: some(MODALITIES).slice(0, 1),
      referrers: some(REFERRERS).slice(0, 1),
      ended: often(0.3),
    }
    rules.push(rule)
    await app.pacs.database.query(
      `insert into access_rule (rule_id, organisation_id, role, user_id, group_id, modalities, referrers, expires_at)
       values (gen_random_uuid(), $1, $2, $3, case when $4 then (select group_id from user_group where organisation_id = $1) end,
         $5, $6, case when $7 then now() - interval '1 hour' end)`,
      [
        organisations[organisation] ?? '',
        'role' in subject ? subject.role : null,
        'person' in subject ? (people[subject.person]?.userId ?? null) : null,
        'group' in subject,
        rule.modalities,
        rule.referrers,
        rule.ended,
      ],
    )
  }
}

/** Who may read what, in other words than the archive's. */
function mayRead(person: Person, study: Study, index: number): boolean {
  if (person.organisation !== study.organisation) return false
  const everything = ['administrator', 'radiologist'].includes(person.role)
  if (everything && !(ruledRoles[person.organisation] ?? []).includes(person.role)) return true
  const byGrant = person.role !== 'technician' && person.role !== 'auditor'
  if (byGrant && granted.has(`${index} ${person.index}`)) return true
  if (person.referrer !== undefined && person.referrer === study.referrer) return true
  return rules.some(
    (rule) =>
      rule.organisation === person.organisation &&
      !rule.ended &&
      isFor(rule.for, person) &&
      (rule.modalities.length === 0 || rule.modalities.includes(study.modality)) &&
      (rule.referrers.length === 0 || rule.referrers.includes(study.referrer)),
  )
}

function isFor(subject: Rule['for'], person: Person): boolean {
  if ('role' in subject) return subject.role === person.role
  return 'person' in subject ? subject.person === person.index : person.group
}

it(
  `shows exactly what grants and rules allow, of ${STUDIES} studies (seed ${SEED})`,
  { timeout: 300_000 },
  async () => {
    const wrong: string[] = []
    let shown = 0
    await mapConcurrently(people, 4, async (person) => {
      const who = `${person.organisation} ${person.role} ${person.index}`
      const allowed = new Set(
        studies.filter((study, index) => mayRead(person, study, index)).map(({ uid }) => uid),
      )
      shown += allowed.size
      const found = await app.fetch('/dicom-web/studies?limit=1000', {
        token: person.token,
        headers: { Accept: 'application/json' },
      })
      const answer =
        found.status === 204 ? [] : ((await found.json()) as { '0020000D': { Value: string[] } }[])
      const seen = answer.map((each) => each['0020000D'].Value[0] ?? '')
      if ([...seen].sort().join() !== [...allowed].sort().join())
        wrong.push(`${who}: QIDO shows ${seen.length} of ${allowed.size}`)
      for (const [index, study] of studies.entries()) {
        const retrieved = await app.fetch(`/dicom-web/studies/${study.uid}/metadata`, { token: person.token })
        await retrieved.body?.cancel()
        // Of a UID that both organisations have, one's own is meant.
        const own = allowed.has(study.uid)
        if (retrieved.status !== (own ? 200 : 404))
          wrong.push(
            `${who}: ${retrieved.status} for study ${index}, which ${own ? 'may' : 'may not'} be read`,
          )
      }
    })
    expect(wrong).toEqual([])
    // The world is neither empty nor open.
    expect(shown).toBeGreaterThan(STUDIES)
    expect(shown).toBeLessThan((STUDIES * people.length) / 2)
  },
)
