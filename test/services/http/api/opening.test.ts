import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OpeningPacket } from '../../../../core/contract/opening.ts'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const CT = { study: newUid(), series: newUid() }
const RADIOGRAPH = newUid()
const MIDDLE = newUid()

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const slices = [4, 2, 5, 1, 3].map((number) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ ...CT, instance: number === 3 ? MIDDLE : newUid() })
      .set('InstanceNumber', 'IS', [number])
      .set('WindowCenter', 'DS', [2000])
      .set('WindowWidth', 'DS', [1000 * number])
      .build(),
  )
  const survey = dicom().ct({ rows: 64, columns: 64 }).uids({ study: CT.study }).build()
  const views = ['PA', 'LL'].map((view) =>
    dicom()
      .ct({ rows: 64, columns: 64 })
      .uids({ study: RADIOGRAPH, series: newUid() })
      .set('Modality', 'CS', ['DX'])
      .set('ViewPosition', 'CS', [view])
      .build(),
  )
  for (const files of [[...slices, survey], views]) {
    const sent = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart(files) })
    expect(sent.status, await sent.text()).toBe(200)
  }
})
afterAll(() => app.close())

async function openingOf(study: string): Promise<OpeningPacket> {
  const answer = await app.fetch(`/api/studies/${study}/opening`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Encoding')).toBe('gzip')
  return OpeningPacket.parse(await answer.json())
}

describe('the opening of a study', () => {
  it('is what its parts are, asked for one by one', async () => {
    const { opening, protocols, first } = await openingOf(CT.study)
    const json = async (path: string): Promise<unknown> => (await app.fetch(path)).json()
    expect(opening).toEqual(await json(`/api/studies/${CT.study}`))
    expect({ protocols }).toEqual(await json('/api/hanging-protocols'))
    expect(first?.seriesInstanceUid).toBe(CT.series)
    const metadata = (await json(
      `/dicom-web/studies/${CT.study}/series/${CT.series}/metadata`,
    )) as DicomJson[]
    expect(first?.instances).toEqual(metadata)
  })

  it('has a picture of the image that is read first, as its file windows it', async () => {
    const { first } = await openingOf(CT.study)
    const rendered = await app.fetch(
      `/dicom-web/studies/${CT.study}/series/${CT.series}/instances/${MIDDLE}/rendered?quality=80`,
      { headers: { Accept: 'image/jpeg' } },
    )
    expect(
      Buffer.from(first?.picture ?? '', 'base64').equals(Buffer.from(await rendered.arrayBuffer())),
    ).toBe(true)
  })

  it('has no picture where several images hang side by side', async () => {
    const { first } = await openingOf(RADIOGRAPH)
    expect(first?.instances).toHaveLength(1)
    expect(first?.picture).toBeUndefined()
  })

  it('is for those who may read the study', async () => {
    const { token } = await app.user(['reviewer'])
    expect((await app.fetch(`/api/studies/${CT.study}/opening`, { token })).status).toBe(404)
  })
})

describe('an opening that is fetched ahead', () => {
  const accesses = async (userId: string): Promise<unknown[]> => {
    const rows = await app.pacs.database.query<{ detail: unknown }>(
      `select detail from audit_event where user_id = $1 and event = 'instances-accessed' and study_instance_uid = $2
       order by audit_event_id`,
      [userId, CT.study],
    )
    return rows.map(({ detail }) => detail)
  }

  it('is recorded as that, and the opening that follows as one', async () => {
    const { token, userId } = await app.user(['radiologist'])
    const ahead = { token, headers: { Purpose: 'prefetch' } }
    for (let time = 0; time < 2; time++)
      expect((await app.fetch(`/api/studies/${CT.study}/opening`, ahead)).status).toBe(200)
    expect(await accesses(userId)).toEqual([{ purpose: 'prefetch' }])
    for (let time = 0; time < 2; time++)
      expect((await app.fetch(`/api/studies/${CT.study}`, { token })).status).toBe(200)
    expect((await app.fetch(`/dicom-web/studies/${CT.study}/metadata`, { token })).status).toBe(200)
    expect(await accesses(userId)).toEqual([{ purpose: 'prefetch' }, { purpose: 'opening' }])
  })

  it('is what changes nothing: whatever else says so is recorded as reading', async () => {
    const { token, userId } = await app.user(['radiologist'])
    await app.fetch(`/api/studies/${CT.study}/draft`, {
      method: 'PUT',
      token,
      headers: { Purpose: 'prefetch', 'Content-Type': 'application/json' },
      body: '{}',
    })
    expect(await accesses(userId)).toEqual([{}])
  })

  it('is told apart from what was seen of the study in a list', async () => {
    const { token, userId } = await app.user(['radiologist'])
    await app.fetch(`/dicom-web/studies/${CT.study}/thumbnail`, { token })
    await app.fetch(`/api/studies/${CT.study}/opening`, { token })
    expect(await accesses(userId)).toEqual([{}, { purpose: 'opening' }])
  })

  it('needs the right to see the study', async () => {
    const { token } = await app.user(['reviewer'])
    const answer = await app.fetch(`/api/studies/${CT.study}/opening`, {
      token,
      headers: { Purpose: 'prefetch' },
    })
    expect(answer.status).toBe(404)
  })
})
