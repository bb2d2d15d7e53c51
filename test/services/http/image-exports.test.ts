import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImageExport } from '../../../core/contract/image-export.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
const series = newUid()
const wanted: ImageExport = { format: 'png', seriesInstanceUids: [series], count: 12, identified: false }
let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
  const { headers, body } = multipart([
    dicom().ct({ rows: 4, columns: 4 }).uids({ study, series, instance: newUid() }).build(),
  ])
  const stored = await app.fetch('/dicom-web/studies', { method: 'POST', headers, body })
  expect(stored.status).toBe(200)
})
afterAll(() => app.close())

const tell = (token: string, told: object): Promise<Response> =>
  app.fetch(`/api/studies/${study}/exports`, {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(told),
  })

const recorded = (): Promise<{ user_id: string; study_instance_uid: string; detail: object }[]> =>
  app.pacs.database.query(
    `select user_id, study_instance_uid, detail from audit_event where event = 'export' order by audit_event_id`,
  )

it('is recorded: who, of which study, what, how many, and whether the patient is named', async () => {
  const { token, userId } = await app.user(['radiologist'])
  expect((await tell(token, wanted)).status).toBe(204)
  expect((await tell(token, { ...wanted, format: 'print', identified: true })).status).toBe(204)
  expect(await recorded()).toEqual([
    {
      user_id: userId,
      study_instance_uid: study,
      detail: { format: 'png', series, images: 12, identified: false },
    },
    {
      user_id: userId,
      study_instance_uid: study,
      detail: { format: 'print', series, images: 12, identified: true },
    },
  ])
})

it('takes codes and UIDs alone, so that no name comes into the record', async () => {
  const { token } = await app.user(['radiologist'])
  const before = await recorded()
  for (const told of [
    { ...wanted, format: 'Wang^Fang' },
    { ...wanted, seriesInstanceUids: ['Wang^Fang'] },
    { ...wanted, count: 0 },
  ])
    expect((await tell(token, told)).status).toBe(400)
  expect(await recorded()).toEqual(before)
})

it('is for those who report, upload or administer', async () => {
  const session = async (role: 'technician' | 'administrator' | 'reviewer' | 'auditor') => {
    const { token } = await app.user([role])
    return (await (await app.fetch('/api/session', { token })).json()) as { actions: string[] }
  }
  for (const role of ['technician', 'administrator', 'reviewer'] as const)
    expect((await session(role)).actions).toContain('image.export')
  expect((await session('auditor')).actions).not.toContain('image.export')
})
