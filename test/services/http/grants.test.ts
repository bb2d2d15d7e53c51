import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
let study: string
beforeAll(async () => {
  app = await startTestApp()
  const file = dicom().ct({ rows: 4, columns: 4 }).build()
  await app.fetch('/dicom-web/studies', {
    method: 'POST',
    headers: { 'Content-Type': 'application/dicom' },
    body: new Uint8Array(file),
  })
  const [row] = await app.pacs.database.query<{ study_instance_uid: string }>(
    'select study_instance_uid from study',
  )
  study = row?.study_instance_uid ?? ''
})
afterAll(() => app.close())

describe('/api/studies/{study}/grants', () => {
  it('lets a reviewer read one study, and takes it away again within seconds', async () => {
    const reviewer = await app.user(['reviewer'])
    const read = (): Promise<Response> =>
      app.fetch(`/dicom-web/studies/${study}/metadata`, { token: reviewer.token })
    const grant = (method: string): Promise<Response> =>
      app.fetch(`/api/studies/${study}/grants/${reviewer.userId}`, {
        method,
        headers: { 'Content-Type': 'application/json' },
        ...(method === 'PUT' ? { body: '{}' } : {}),
      })
    expect((await read()).status).toBe(404)
    expect((await grant('PUT')).status).toBe(204)
    expect((await read()).status).toBe(200)
    const listed = await app.fetch('/dicom-web/studies', { token: reviewer.token })
    expect(await listed.json()).toHaveLength(1)
    expect((await grant('DELETE')).status).toBe(204)
    await expect.poll(async () => (await read()).status, { timeout: 3000 }).toBe(404)
  })

  it('is refused to a radiologist, who may read but not pass on', async () => {
    const radiologist = await app.user(['radiologist'])
    const answer = await app.fetch(`/api/studies/${study}/grants`, { token: radiologist.token })
    expect(answer.status).toBe(403)
  })

  it('audits who read the study, once', async () => {
    const { token, userId } = await app.user(['radiologist'])
    for (let time = 0; time < 3; time++) await app.fetch(`/dicom-web/studies/${study}/metadata`, { token })
    const rows = await app.pacs.database.query(
      `select 1 from audit_event where user_id = $1 and event = 'instances-accessed' and outcome = 'success' and study_instance_uid = $2`,
      [userId, study],
    )
    expect(rows).toHaveLength(1)
  })
})
