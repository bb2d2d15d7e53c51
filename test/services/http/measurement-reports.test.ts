import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MarkDraft,
  MeasurementReports,
  SavedMeasurements,
  type DraftMark,
} from '../../../core/contract/api.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { readKeyObjects } from '../../../core/dicom/report/read-document.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import type { KeyTitle } from '../../../core/measurements/shapes.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { draftMark } from '../../support/draft-mark.ts'
import { multipart } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
const series = newUid()
const image = newUid()
const path = `/api/studies/${study}`
let app: TestApp
let one: { token: string }
let other: { token: string }
let reviewer: { token: string; userId: string }
let technician: { token: string }

const json = { 'Content-Type': 'application/json' }
const lengthMark = (trackingUid: string, more: Partial<DraftMark> = {}): DraftMark =>
  draftMark({
    trackingUid,
    studyInstanceUid: study,
    seriesInstanceUid: series,
    sopInstanceUid: image,
    calibration: { kind: 'patient', spacing: [0.5, 0.5] },
    ...more,
  })

beforeAll(async () => {
  app = await startTestApp()
  one = await app.user(['radiologist'])
  other = await app.user(['radiologist'])
  reviewer = await app.user(['reviewer'])
  technician = await app.user(['technician'])
  const { headers, body } = multipart([
    dicom()
      .ct({ rows: 8, columns: 8 })
      .uids({ study, series, instance: image })
      .set('PixelSpacing', 'DS', [0.5, 0.5])
      .build(),
  ])
  const stored = await app.fetch('/dicom-web/studies', {
    method: 'POST',
    token: technician.token,
    headers,
    body,
  })
  expect(stored.status).toBe(200)
})
afterAll(() => app.close())

const readDraft = async (token: string): Promise<MarkDraft> =>
  MarkDraft.parse(await (await app.fetch(`${path}/draft`, { token })).json())

async function keep(token: string, marks: readonly DraftMark[]): Promise<number> {
  const { version } = await readDraft(token)
  const body = JSON.stringify({ version, marks })
  const answer = await app.fetch(`${path}/draft`, { method: 'PUT', token, headers: json, body })
  expect(answer.status).toBe(200)
  return version + 1
}

const save = (token: string, version: number, marks: readonly string[]): Promise<Response> =>
  app.fetch(`${path}/reports/measurements`, {
    method: 'POST',
    token,
    headers: json,
    body: JSON.stringify({ language: 'zh-CN', version, marks }),
  })

const saved = async (token: string): Promise<MeasurementReports['reports']> =>
  MeasurementReports.parse(await (await app.fetch(`${path}/reports/measurements`, { token })).json()).reports

describe('saving measurements', () => {
  it('makes a report of the marks that were chosen, which everybody who reads the study sees', async () => {
    const marks = [lengthMark('2.25.1', { label: '主动脉' }), lengthMark('2.25.2')]
    const version = await keep(one.token, marks)
    const answer = await save(one.token, version, ['2.25.1'])
    expect(answer.status).toBe(201)
    const { version: left, documents } = SavedMeasurements.parse(await answer.json())
    expect(await readDraft(one.token)).toEqual({ version: left, marks: [marks[1]] })
    expect(documents.map(({ kind }) => kind)).toEqual(['report'])
    expect(await saved(other.token)).toMatchObject([
      {
        sopInstanceUid: documents[0]?.sopInstanceUid,
        seriesInstanceUid: documents[0]?.seriesInstanceUid,
        observer: { Alphabetic: expect.stringMatching(/^user1@/) as string },
        undrawn: 0,
      },
    ])
    const [first] = await saved(other.token)
    expect(first?.marks).toEqual([marks[0]])
  })

  it('stores it as any instance: it is found, retrieved, and in the audit with its own source', async () => {
    const [report] = await saved(one.token)
    const found = await app.fetch(
      `/dicom-web/instances?SOPInstanceUID=${report?.sopInstanceUid}&includefield=SeriesNumber`,
    )
    expect(await found.json()).toMatchObject([
      { '00080060': { Value: ['SR'] }, '00080016': { Value: ['1.2.840.10008.5.1.4.1.1.88.33'] } },
    ])
    const events = await app.pacs.database.query<{ detail: { source: string } }>(
      `select detail from audit_event where event = 'instances-transferred' and detail ->> 'source' = 'report'`,
    )
    expect(events).toHaveLength(1)
  })

  it('refuses what the reader has not seen, and keeps every mark', async () => {
    const { version, marks } = await readDraft(one.token)
    const stale = await save(one.token, version - 1, ['2.25.2'])
    expect(stale.status).toBe(409)
    expect(await stale.json()).toMatchObject({ code: 'draft-changed' })
    expect((await save(one.token, version, ['2.25.99'])).status).toBe(409)
    expect(await readDraft(one.token)).toEqual({ version, marks })
    expect(await saved(one.token)).toHaveLength(1)
  })

  it('refuses a mark on an image of another study', async () => {
    const version = await keep(one.token, [lengthMark('2.25.3', { sopInstanceUid: '1.2.3' })])
    const answer = await save(one.token, version, ['2.25.3'])
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'image-unknown' })
    expect((await readDraft(one.token)).marks).toHaveLength(1)
  })

  it('is for those whose role allows it, who need not be allowed to bring instances in', async () => {
    expect((await app.fetch(`${path}/reports/measurements`, { token: technician.token })).status).toBe(200)
    const version = await keep(technician.token, [lengthMark('2.25.4')])
    expect((await save(technician.token, version, ['2.25.4'])).status).toBe(403)

    expect((await save(reviewer.token, 1, ['2.25.5'])).status).toBe(404)
    const grant = await app.fetch(`${path}/grants/${reviewer.userId}`, {
      method: 'PUT',
      headers: json,
      body: '{}',
    })
    expect(grant.status).toBe(204)
    const granted = await keep(reviewer.token, [lengthMark('2.25.5')])
    expect((await save(reviewer.token, granted, ['2.25.5'])).status).toBe(201)
    expect(await saved(one.token)).toHaveLength(2)
  })
})

describe('when the archive fails after the report is durable', () => {
  it('keeps the marks in the draft too: saved again they are the same marks, later', async () => {
    const version = await keep(other.token, [lengthMark('2.25.6')])
    const put = app.pacs.objects.put.bind(app.pacs.objects)
    app.pacs.objects.put = (key, ...rest) =>
      key.includes('/drafts/') ? Promise.reject(new Error('the disk is gone')) : put(key, ...rest)
    const failed = await save(other.token, version, ['2.25.6'])
    app.pacs.objects.put = put
    expect(failed.status).toBe(500)
    expect(await readDraft(other.token)).toMatchObject({ version, marks: [{ trackingUid: '2.25.6' }] })
    expect((await save(other.token, version, ['2.25.6'])).status).toBe(201)
    expect((await readDraft(other.token)).marks).toEqual([])
    const reports = (await saved(other.token)).slice(-2)
    expect(reports.map(({ marks }) => marks)).toEqual([[lengthMark('2.25.6')], [lengthMark('2.25.6')]])
  })

  it('makes a selection of the key images for each title and remark, beside the report', async () => {
    const key = (trackingUid: string, title: KeyTitle, label: string): DraftMark =>
      lengthMark(trackingUid, {
        label,
        geometry: { kind: 'key', title },
        calibration: { kind: 'none', aspect: [1, 1] },
        values: [],
      })
    const version = await keep(one.token, [
      lengthMark('2.25.20'),
      key('2.25.21', '113000', ''),
      key('2.25.22', '113004', '结节'),
      // Chosen in two windows: named once.
      key('2.25.23', '113000', ''),
    ])
    const answer = await save(one.token, version, ['2.25.20', '2.25.21', '2.25.22', '2.25.23'])
    expect(answer.status).toBe(201)
    const { documents } = SavedMeasurements.parse(await answer.json())
    expect(documents.map(({ kind }) => kind)).toEqual(['report', 'key-objects', 'key-objects'])
    expect((await readDraft(one.token)).marks).toEqual([])
    const selections = await Promise.all(
      documents.slice(1).map(async ({ seriesInstanceUid, sopInstanceUid }) => {
        const metadata = await app.fetch(
          `/dicom-web/studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/metadata`,
        )
        const [selection = {}] = (await metadata.json()) as DicomJson[]
        const { title, descriptions, images } = readKeyObjects(selection)
        return { title, descriptions, images: images.map(({ sopInstanceUid: uid }) => uid) }
      }),
    )
    expect(selections).toEqual([
      { title: 'Of Interest', descriptions: [], images: [image] },
      { title: 'For Teaching', descriptions: ['结节'], images: [image] },
    ])
  })
})
