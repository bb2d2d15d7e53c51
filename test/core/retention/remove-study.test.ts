import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../../core/access/principal.ts'
import { reindex } from '../../../core/archive/reindex.ts'
import { sweepOrphans } from '../../../core/archive/sweep-orphans.ts'
import { verify } from '../../../core/archive/verify.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { unavailable } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { ObjectStore } from '../../../core/ports/object-store.ts'
import { removeWhatIsDue } from '../../../core/retention/list-due-studies.ts'
import { removeDueStudy } from '../../../core/retention/remove-study.ts'
import { placeHold } from '../../../core/retention/study-holds.ts'
import { draftMark } from '../../support/draft-mark.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const NEVER = new AbortController().signal
const JSON_TYPE = { 'Content-Type': 'application/json' }

let app: TestApp
let organisationId: string
beforeAll(async () => {
  app = await startTestApp({ renditions: 'on' })
  const [row] = await app.pacs.database.query<{ id: string }>(
    'select organisation_id as id from organisation',
  )
  organisationId = row?.id ?? ''
})
afterAll(() => app.close())

/** A study of six images with a thumbnail, and a draft of the administrator. */
async function store(study = newUid(), studyDate = '20000101'): Promise<{ uid: string; id: string }> {
  const files = Array.from({ length: 6 }, (_, index) =>
    dicom()
      .ct({ rows: 16, columns: 16 })
      .uids({ study, series: `1.2.3.${index % 2}` })
      .set('StudyDate', 'DA', [studyDate])
      .set('InstanceNumber', 'IS', [index])
      .build(),
  )
  const { headers, body } = multipart(files)
  expect((await app.fetch('/api/uploads', { method: 'POST', headers, body })).status).toBe(200)
  const drawn = await app.fetch(`/api/studies/${study}/draft`, {
    method: 'PUT',
    headers: JSON_TYPE,
    body: JSON.stringify({ version: 0, marks: [draftMark({ label: 'not saved yet' })] }),
  })
  expect(drawn.ok).toBe(true)
  await app.drain()
  return { uid: study, id: await idOf(study) }
}

async function idOf(uid: string): Promise<string> {
  const [row] = await app.pacs.database.query<{ id: string }>(
    'select study_id as id from study where study_instance_uid = $1',
    [uid],
  )
  return row?.id ?? ''
}

/** Puts it on the list by a rule that is on, its days over. */
async function makeDue(id: string): Promise<void> {
  const [rule] = await app.pacs.database.query<{ rule_id: string }>(
    `insert into retention_rule (rule_id, organisation_id, years, counted_from, grace_days, enabled_at)
     values ($1, $2, 10, 'study-date', 30, now()) returning rule_id`,
    [randomUUID(), organisationId],
  )
  await app.pacs.database.query(
    `insert into retention_due (study_id, organisation_id, rule_id, found_at, remove_after)
     values ($1, $2, $3, now() - interval '30 days', now())`,
    [id, organisationId, rule?.rule_id ?? ''],
  )
}

/** All but the ends of the audit's chains, which are written when their day comes. */
async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of app.pacs.objects.list('organisations/')) found.push(key)
  return found.filter((key) => !key.includes('/audit/'))
}

/** The archive on an object store that answers no more after so many deletions. */
function crashing(after: number): Pacs {
  let deleted = 0
  const objects: ObjectStore = {
    ...app.pacs.objects,
    put: (...args) => app.pacs.objects.put(...args),
    stream: (...args) => app.pacs.objects.stream(...args),
    read: (...args) => app.pacs.objects.read(...args),
    head: (key) => app.pacs.objects.head(key),
    list: (prefix) => app.pacs.objects.list(prefix),
    delete: async (key) => {
      if (++deleted > after)
        throw unavailable('object-store-unavailable', 'The object store does not answer.')
      await app.pacs.objects.delete(key)
    },
  }
  return { ...app.pacs, objects }
}

async function rowsOf(id: string): Promise<number> {
  const [row] = await app.pacs.database.query<{ n: number }>(
    `select (select count(*) from study where study_id = $1) + (select count(*) from series where study_id = $1)
       + (select count(*) from instance where study_id = $1) + (select count(*) from mark_draft where study_id = $1) as n`,
    [id],
  )
  return row?.n ?? -1
}

describe('removeDueStudy', () => {
  it('removes rows, objects, what was derived, drafts and links, and records what', async () => {
    const before = await keys()
    const other = await store(undefined, '20300101')
    const kept = await keys()
    expect(kept.length).toBeGreaterThan(before.length + 6)
    const { uid, id } = await store()
    const shared = await app.fetch(`/api/studies/${uid}/shares`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify({
        recipientName: 'Guest',
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      }),
    })
    const { url } = (await shared.json()) as { url: string }
    const open = (): Promise<Response> =>
      app.fetch('/api/shared/open', {
        method: 'POST',
        token: null,
        headers: JSON_TYPE,
        body: JSON.stringify({ token: url.split('/s/')[1] }),
      })
    expect((await open()).status).toBe(200)
    await app.pacs.database.query(`update share_link set expires_at = now() - interval '1 second'`)
    await makeDue(id)
    expect((await keys()).some((key) => key.includes('/derived/') && !kept.includes(key))).toBe(true)
    await removeWhatIsDue(app.pacs)
    await app.drain()
    expect(await rowsOf(id)).toBe(0)
    expect(await keys()).toEqual(kept)
    expect((await app.fetch(`/api/studies/${uid}`)).status).toBe(404)
    expect((await app.fetch(`/api/studies/${other.uid}`)).status).toBe(200)
    expect(await app.pacs.database.query('select 1 from share_link')).toEqual([])
    const events = await app.pacs.database.query(
      `select outcome, study_instance_uid, detail - 'removal' - 'rule' as detail from audit_event where event = 'study-deleted'`,
    )
    expect(events).toEqual([
      {
        outcome: 'success',
        study_instance_uid: uid,
        detail: {
          cause: 'retention',
          series: 2,
          instances: 6,
          bytes: expect.any(Number) as number,
          links: 0,
          actor: 'retention',
        },
      },
    ])
    expect(await app.pacs.database.query('select 1 from removal_object')).toEqual([])
    expect(await verify(app.pacs)).toMatchObject({ missing: [], changed: [] })
  })

  it('does nothing before its days are over, under a hold, without a rule, or when it is not due any more', async () => {
    const { uid, id } = await store()
    const unchanged = async (): Promise<void> => {
      await removeDueStudy(app.pacs, id, NEVER)
      expect(await rowsOf(id)).toBeGreaterThan(8)
    }
    await unchanged()
    await makeDue(id)
    await app.pacs.database.query(`update retention_due set remove_after = now() + interval '1 minute'`)
    await unchanged()
    await app.pacs.database.query(`update retention_due set remove_after = now()`)
    await app.pacs.database.query(
      `insert into study_hold (hold_id, organisation_id, study_instance_uid, reason) values ($1, $2, $3, 'a claim')`,
      [randomUUID(), organisationId, uid],
    )
    await unchanged()
    await app.pacs.database.query('update study_hold set lifted_at = now()')
    await app.pacs.database.query('update retention_rule set enabled_at = null')
    await unchanged()
    await app.pacs.database.query('update retention_rule set enabled_at = now(), years = 190')
    await unchanged()
    await app.pacs.database.query('delete from retention_rule')
  })

  it.each([0, 1, 4, 9, 11])(
    'leaves nothing half when the object store fails after %i deletions: begun again it ends',
    async (after) => {
      const kept = await keys()
      const { uid, id } = await store()
      await makeDue(id)
      await expect(removeDueStudy(crashing(after), id, NEVER)).rejects.toMatchObject({ kind: 'unavailable' })
      // It is gone for everybody, at once and as a whole.
      expect(await rowsOf(id)).toBe(0)
      expect((await app.fetch(`/api/studies/${uid}`)).status).toBe(404)
      // And the sweep takes none of it for what crashes left.
      expect(await sweepOrphans(app.pacs, { olderThanMs: 0 })).toMatchObject({
        removed: { instance: 0 },
        left: 0,
      })
      await removeDueStudy(app.pacs, id, NEVER)
      expect(await keys()).toEqual(kept)
      const [removal] = await app.pacs.database.query<{ done: boolean }>(
        'select done_at is not null as done from study_removal where study_id = $1',
        [id],
      )
      expect(removal).toEqual({ done: true })
    },
  )

  it('takes what arrives meanwhile for a new study', async () => {
    const study = newUid()
    const { id } = await store(study)
    await makeDue(id)
    await expect(removeDueStudy(crashing(2), id, NEVER)).rejects.toMatchObject({ kind: 'unavailable' })
    const again = await store(study)
    expect(again.id).not.toBe(id)
    await removeDueStudy(app.pacs, id, NEVER)
    expect(await rowsOf(again.id)).toBe(10)
    expect(await verify(app.pacs)).toMatchObject({ missing: [], changed: [] })
    await app.pacs.database.query('delete from retention_rule')
  })
})

describe('reindex', () => {
  it('brings nothing back of what was removed, also when the database is lost in the middle of it', async () => {
    const { uid, id } = await store()
    const others = await app.pacs.database.query<{ n: number }>(
      'select count(*) as n from instance where study_id <> $1',
      [id],
    )
    await makeDue(id)
    await expect(removeDueStudy(crashing(3), id, NEVER)).rejects.toMatchObject({ kind: 'unavailable' })
    // Run while the rows are there, it does no harm to what is under way.
    expect(await reindex(crashing(1000))).toMatchObject({ removalsFinished: 1, instances: 0 })

    const second = await store()
    await makeDue(second.id)
    await expect(removeDueStudy(crashing(3), second.id, NEVER)).rejects.toMatchObject({ kind: 'unavailable' })
    await empty()
    expect(await reindex(app.pacs)).toMatchObject({ removalsFinished: 1, instances: others[0]?.n })
    for (const removed of [uid, second.uid])
      expect((await app.fetch(`/api/studies/${removed}`)).status).toBe(404)
    expect((await keys()).filter((key) => key.includes('/removals/'))).toEqual([])
    await app.drain()
    expect(await verify(app.pacs)).toMatchObject({ missing: [], changed: [] })
  })

  it('keeps rules and holds, and gives what is due its days again', async () => {
    const { uid, id } = await store()
    const principal: Principal = { kind: 'system', organisationId, reason: 'test' }
    await makeDue(id)
    await placeHold(
      app.pacs,
      principal,
      { studyId: id, organisationId, studyInstanceUid: uid },
      { holds: 'study', reason: 'a claim is open', until: null },
    )
    await empty()
    await reindex(app.pacs)
    await removeWhatIsDue(app.pacs)
    await app.drain()
    expect(await rowsOf(await idOf(uid))).toBe(10)
    expect(await app.pacs.database.query('select reason, lifted_at from study_hold')).toEqual([
      { reason: 'a claim is open', lifted_at: null },
    ])
    await app.pacs.database.query('update study_hold set lifted_at = now()')
    await removeWhatIsDue(app.pacs)
    const due = await app.pacs.database.query(
      `select (remove_after - now()) > interval '29 days' as later from retention_due r join study s using (study_id)
       where s.study_instance_uid = $1`,
      [uid],
    )
    expect(due).toEqual([{ later: true }])
  })
})

async function empty(): Promise<void> {
  const { database } = app.pacs
  await database.query('alter table audit_event disable trigger user')
  await database.query('truncate organisation, app_user, study, audit_event, audit_head, work_item cascade')
  await database.query('alter table audit_event enable trigger user')
}
