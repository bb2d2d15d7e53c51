import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '../../../bench/search/measure-question.ts'
import { requireStudy } from '../../../core/access/require-study.ts'
import type { Principal } from '../../../core/access/principal.ts'
import type { Database } from '../../../core/ports/database.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { StudyOpening } from '../../../core/contract/api.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { openStudy } from '../../../core/worklist/open-study.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const study = newUid()
/** In reading order: by number, those of one number by UID, those without one last. */
const SERIES = ['1.2', '1.10', '1.3', '1.1'] as const

let app: TestApp
let reader: Principal

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [row] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from organisation',
  )
  reader = { kind: 'system', organisationId: row?.organisation_id ?? '', reason: 'test' }
  const [ct, cine, report, unnumbered] = SERIES
  const of = (series: string) => dicom().uids({ study, series })
  const image = (series: string) => of(series).ct({ rows: 4, columns: 4 })
  const files = [
    image(unnumbered).set('Modality', 'CS', ['MR']),
    of(report).set('Modality', 'CS', ['SR']).set('SeriesNumber', 'IS', [9]),
    of(cine)
      .ct({ rows: 4, columns: 4, frames: 7 })
      .set('Modality', 'CS', ['US'])
      .set('SeriesNumber', 'IS', [3]),
    ...[1, 2, 3].map((number) =>
      image(ct)
        .set('SeriesNumber', 'IS', [2])
        .set('SeriesDescription', 'LO', ['肺 Lung 1.0'])
        .set('BodyPartExamined', 'CS', ['CHEST'])
        .set('ProtocolName', 'LO', ['Thorax routine'])
        .set('ImageOrientationPatient', 'DS', [1, 0, 0, 0, 1, 0])
        .set('SliceThickness', 'DS', [1.5])
        .set('InstanceNumber', 'IS', [number]),
    ),
    // The same Series Instance UID in another study is another series.
    dicom().ct({ rows: 4, columns: 4 }).uids({ study: newUid(), series: ct }),
  ]
  for (const file of files) {
    const answer = await storeInstance(app.pacs, reader, { bytes: inPieces(file.build()), source: 'upload' })
    expect(answer.kind).toBe('stored')
  }
})
afterAll(() => app.close())

const open = async () => openStudy(app.pacs, await requireStudy(app.pacs, reader, study))

describe('openStudy', () => {
  it('has what decides where a series hangs, and each view of projections', async () => {
    const { series } = await open()
    expect(series[0]?.facts).toEqual({ plane: 'axial', thickness: 1.5, protocolName: 'Thorax routine' })
    const breasts = newUid()
    for (const [number, [laterality, view]] of [['L', 'MLO'] as const, ['R', 'CC'] as const].entries()) {
      const file = dicom()
        .uids({ study: breasts, series: '1.9', instance: `1.9.${number}` })
        .ct({ rows: 4, columns: 4 })
        .set('Modality', 'CS', ['MG'])
        .set('InstanceNumber', 'IS', [2 - number])
        .set('ImageLaterality', 'CS', [laterality])
        .set('ViewPosition', 'CS', [view])
      await storeInstance(app.pacs, reader, { bytes: inPieces(file.build()), source: 'upload' })
    }
    const mammogram = await openStudy(app.pacs, await requireStudy(app.pacs, reader, breasts))
    expect(StudyOpening.parse(mammogram).series[0]?.facts).toEqual({
      laterality: 'L',
      view: 'MLO',
      images: [
        { sopInstanceUid: '1.9.1', laterality: 'R', view: 'CC' },
        { sopInstanceUid: '1.9.0', laterality: 'L', view: 'MLO' },
      ],
    })
  })

  it('has the series in reading order, with their counts', async () => {
    const { series } = await open()
    expect(series.map((each) => each.seriesInstanceUid)).toEqual(SERIES)
    expect(series.map((each) => [each.instanceCount, each.frameCount])).toEqual([
      [3, 3],
      [1, 7],
      [1, 0],
      [1, 1],
    ])
    expect(series.map((each) => [each.modality, each.seriesNumber])).toEqual([
      ['CT', 2],
      ['US', 3],
      ['SR', 9],
      ['MR', null],
    ])
    expect(series[0]).toMatchObject({ seriesDescription: '肺 Lung 1.0', bodyPartExamined: 'CHEST' })
  })

  it('reads each series once, however many images it has', async () => {
    const many = newUid()
    const files = Array.from({ length: 60 }, (_, number) =>
      dicom()
        .uids({ study: many, series: '1.4' })
        .ct({ rows: 4, columns: 4 })
        .set('InstanceNumber', 'IS', [number])
        .build(),
    )
    await Promise.all(
      files.map((file) => storeInstance(app.pacs, reader, { bytes: inPieces(file), source: 'upload' })),
    )
    const readable = await requireStudy(app.pacs, reader, many)
    const ask = (database: Database) => openStudy({ database }, readable)
    const statements = await statementsOf(app.pacs.database, { name: '', ask }, 0)
    expect(statements).toHaveLength(2)
    for (const { statement, params } of statements) {
      const [row] = await app.pacs.database.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
        `explain (analyze, format json) ${statement}`,
        params,
      )
      expect(mostLoops(row?.['QUERY PLAN'][0]?.Plan)).toBe(1)
    }
  })

  it('is what the contract says, with the study as the worklist has it', async () => {
    const opening = await open()
    expect(StudyOpening.parse(JSON.parse(JSON.stringify(opening)))).toEqual(opening)
    expect(opening.study).toMatchObject({
      studyInstanceUid: study,
      patientName: { Alphabetic: 'Zhang^San', Ideographic: '张^三' },
      status: 'arriving',
      thumbnailUrl: null,
    })
  })

  it('names a thumbnail by its version, once there is one', async () => {
    const version = '01890000-0000-7000-8000-000000000000'
    await app.pacs.database.query(
      `insert into series_derived (series_id, thumbnail_key, thumbnail_kind)
       select se.series_id, 'organisations/x/thumbnail.${version}.webp', 'image' from series se join study st using (study_id)
       where st.study_instance_uid = $1 and se.series_instance_uid = $2`,
      [study, SERIES[0]],
    )
    const url = `/dicom-web/studies/${study}/series/${SERIES[0]}/thumbnail?v=${version}`
    const opening = await open()
    expect(opening.series.map((each) => each.thumbnailUrl)).toEqual([url, null, null, null])
    expect(opening.study.thumbnailUrl).toBe(url)
  })

  it('says that a study is gone which was there when it was authorised', async () => {
    const gone = { ...(await requireStudy(app.pacs, reader, study)), studyId: newStudyId }
    await expect(openStudy(app.pacs, gone)).rejects.toMatchObject({
      kind: 'not-found',
      code: 'study-not-found',
    })
  })
})

interface PlanNode {
  readonly 'Actual Loops': number
  readonly Plans?: readonly PlanNode[]
}

/** How many times a part of a statement was done at most. */
const mostLoops = (node: PlanNode | undefined): number =>
  node === undefined ? NaN : Math.max(node['Actual Loops'], ...(node.Plans ?? []).map(mostLoops))

const newStudyId = '00000000-0000-0000-0000-000000000000'
