import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referrerForms } from '../../../core/access/referrer-forms.ts'
import type { NewRule } from '../../../core/contract/access.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const STUDIES = {
  heartCt: { modality: 'CT', referrer: { Alphabetic: 'Chen^Wei', Ideographic: '陈^伟' }, date: '20200105' },
  heartMr: { modality: 'MR', referrer: { Alphabetic: 'Chen^Wei' }, date: '20200105' },
  otherCt: { modality: 'CT', referrer: { Alphabetic: 'Ouyang^Xiu', Ideographic: '欧阳^修' }, date: '' },
} as const
type Name = keyof typeof STUDIES

let app: TestApp
const uids = new Map<Name, string>()

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  for (const [name, { modality, referrer, date }] of Object.entries(STUDIES)) {
    const study = newUid()
    uids.set(name as Name, study)
    const file = dicom()
      .ct({ rows: 4, columns: 4 })
      .uids({ study, series: newUid(), instance: newUid() })
      .set('Modality', 'CS', [modality])
      .set('StudyDate', 'DA', [date === '' ? today : date])
      .set('ReferringPhysicianName', 'PN', [referrer])
      .build()
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(file),
    })
    expect(stored.status).toBe(200)
  }
})
afterAll(() => app.close())

const send = (method: string, path: string, body?: object): Promise<Response> =>
  app.fetch(`/api/admin/access${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })

/** What somebody finds, by name. */
async function found(token: string): Promise<Name[]> {
  const answer = await app.fetch('/dicom-web/studies', { token, headers: { Accept: 'application/json' } })
  const studies =
    answer.status === 204 ? [] : ((await answer.json()) as { '0020000D': { Value: string[] } }[])
  const seen = new Set(studies.map((each) => each['0020000D'].Value[0]))
  return [...uids].filter(([, uid]) => seen.has(uid)).map(([name]) => name)
}

async function added(rule: NewRule): Promise<string> {
  const answer = await send('POST', '/rules', rule)
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { ruleId: string }).ruleId
}

describe('a rule of the organisation', () => {
  it('lets a group read what all of its conditions hold for, until it is removed', async () => {
    const doctor = await app.user(['reviewer'])
    expect(await found(doctor.token)).toEqual([])
    const group = await send('POST', '/groups', { name: 'Cardiology', members: [doctor.userId] })
    const { groupId } = (await group.json()) as { groupId: string }
    const ruleId = await added({
      subject: { kind: 'group', groupId },
      modalities: ['CT', 'XA'],
      referrers: ['Chen Wei'],
    })
    await expect.poll(() => found(doctor.token)).toEqual(['heartCt'])
    const metadata = await app.fetch(`/dicom-web/studies/${uids.get('heartCt')}/metadata`, {
      token: doctor.token,
    })
    expect(metadata.status).toBe(200)
    expect((await send('DELETE', `/rules/${ruleId}`)).status).toBe(204)
    await expect.poll(() => found(doctor.token)).toEqual([])
  })

  it('ends at its end, and reaches back so many days', async () => {
    const expert = await app.user(['reviewer'])
    const subject = { kind: 'person', userId: expert.userId } as const
    await added({ subject, days: 30 })
    await expect.poll(() => found(expert.token)).toEqual(['otherCt'])
    const ruleId = await added({ subject, expiresAt: new Date(Date.now() + 86_400_000).toISOString() })
    await expect.poll(() => found(expert.token)).toEqual(['heartCt', 'heartMr', 'otherCt'])
    await app.pacs.database.query(
      `update access_rule set expires_at = now() - interval '1 second' where rule_id = $1`,
      [ruleId],
    )
    await app.pacs.database.query(`select pg_notify('access_changed', '')`)
    await expect.poll(() => found(expert.token)).toEqual(['otherCt'])
  })

  it('alone says what a role reads, where the organisation wants it so', async () => {
    const radiologist = await app.user(['radiologist'])
    expect(await found(radiologist.token)).toHaveLength(3)
    expect((await send('PUT', '/ruled-roles', { roles: ['radiologist'] })).status).toBe(204)
    await expect.poll(() => found(radiologist.token)).toEqual([])
    const ruleId = await added({ subject: { kind: 'role', role: 'radiologist' }, modalities: ['MR'] })
    await expect.poll(() => found(radiologist.token)).toEqual(['heartMr'])
    await send('PUT', '/ruled-roles', { roles: [] })
    await send('DELETE', `/rules/${ruleId}`)
    await expect.poll(() => found(radiologist.token)).toHaveLength(3)
  })

  it('is of its organisation alone', async () => {
    const foreign = await app.user(['administrator', 'reviewer'], await app.organisation('Elsewhere'))
    const own = await app.user(['reviewer'])
    await added({ subject: { kind: 'role', role: 'reviewer' } })
    await expect.poll(() => found(own.token)).toHaveLength(3)
    expect(await found(foreign.token)).toEqual([])
    const listed = await app.fetch('/api/admin/access', { token: foreign.token })
    expect(await listed.json()).toMatchObject({ rules: [], groups: [], people: [{ userId: foreign.userId }] })
    const stolen = await send('POST', '/rules', { subject: { kind: 'person', userId: foreign.userId } })
    expect(stolen.status).toBe(404)
    const group = await send('POST', '/groups', { name: 'Ours', members: [foreign.userId] })
    expect(group.status).toBe(404)
  })
})

describe('a referring clinician', () => {
  it('reads the studies under their own name, however it was typed', async () => {
    const clinician = await app.user(['referring'])
    expect(await found(clinician.token)).toEqual([])
    const names = (list: string[]) => send('PUT', `/referrers/${clinician.userId}`, { names: list })
    expect((await names(['陈伟'])).status).toBe(204)
    await expect.poll(() => found(clinician.token)).toEqual(['heartCt'])
    await names(['chen wei'])
    await expect.poll(() => found(clinician.token)).toEqual(['heartCt', 'heartMr'])
    await names(['欧阳修', 'Nobody'])
    await expect.poll(() => found(clinician.token)).toEqual(['otherCt'])
    // Part of a name is somebody else.
    await names(['chen', '陈', '%'])
    await expect.poll(() => found(clinician.token)).toEqual([])
  })
})

describe('referrerForms', () => {
  it('leaves components as typed, and tries each end of a Chinese family name', () => {
    expect(referrerForms('Chen^Wei^^Dr')).toEqual(['chen^wei^^dr'])
    expect(referrerForms('欧阳修')).toEqual(['欧阳修', '欧^阳修', '欧阳^修'])
    expect(referrerForms('Chen, Wei')).toEqual(['chen, wei', 'chen^wei', 'chen^wei'])
    expect(referrerForms(' ')).toEqual([])
  })
})
