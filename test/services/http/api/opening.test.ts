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
