import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstPersonName, firstString, items, strings } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { openPart10Writer } from '../../../../core/dicom/write-part10.ts'
import { dicom, type DicomBuilder } from '../../../support/dicom-builder.ts'
import { readDicomdir, type ReadRecord } from '../../../support/dicomdir.ts'
import { multipart } from '../../../support/multipart.ts'
import { allOf, describeWith } from '../../../support/require.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const run = promisify(execFile)
const study = newUid()
const chinese = newUid()
const SERIES = { ct: newUid(), sr: newUid(), kos: newUid(), pdf: newUid() }
const code = (value: string, meaning: string) => ({
  '00080100': { vr: 'SH', Value: [value] },
  '00080102': { vr: 'SH', Value: ['DCM'] },
  '00080104': { vr: 'LO', Value: [meaning] },
})

const of = (series: string, sopClass: string, modality: string, number: number): DicomBuilder =>
  dicom()
    .uids({ study, series })
    .set('StudyID', 'SH', ['S7'])
    .set('SeriesNumber', 'IS', [number])
    .set('SOPClassUID', 'UI', [`1.2.840.10008.5.1.4.1.1.${sopClass}`])
    .set('Modality', 'CS', [modality])
    .set('ContentDate', 'DA', ['20260103'])
    .set('ContentTime', 'TM', ['0910'])
const document = (series: string, sopClass: string, modality: string, number: number, title: string) =>
  of(series, sopClass, modality, number)
    .set('ValueType', 'CS', ['CONTAINER'])
    .set('ContinuityOfContent', 'CS', ['SEPARATE'])
    .set('ConceptNameCodeSequence', 'SQ', [code('113000', title)])

const evil = of(SERIES.ct, '2', 'CT', 1).ct({ rows: 8, columns: 8 }).set('InstanceNumber', 'IS', [2]).build()
evil.write('MZ<script>alert(1)</script>', 0)
const FILES = [
  of(SERIES.ct, '2', 'CT', 1).ct({ rows: 8, columns: 8 }).build(),
  evil,
  // Larger than what is gathered: its CRC stands behind it.
  of(SERIES.ct, '2', 'CT', 1).ct({ rows: 1600, columns: 1600 }).set('InstanceNumber', 'IS', [3]).build(),
  document(SERIES.sr, '88.33', 'SR', 2, '报告')
    .set('CompletionFlag', 'CS', ['COMPLETE'])
    .set('VerificationFlag', 'CS', ['VERIFIED'])
    .set('VerifyingObserverSequence', 'SQ', [
      { '0040A030': { vr: 'DT', Value: ['20260103091500'] } },
      { '0040A030': { vr: 'DT', Value: ['20260104091500'] } },
    ])
    .set('ContentSequence', 'SQ', [
      {
        '0040A010': { vr: 'CS', Value: ['HAS CONCEPT MOD'] },
        '0040A040': { vr: 'CS', Value: ['CODE'] },
        '0040A043': { vr: 'SQ', Value: [code('121049', 'Language of Content Item and Descendants')] },
        '0040A168': { vr: 'SQ', Value: [code('121050', 'Chinese')] },
      },
      {
        '0040A010': { vr: 'CS', Value: ['CONTAINS'] },
        '0040A040': { vr: 'CS', Value: ['TEXT'] },
        '0040A160': { vr: 'UT', Value: ['Findings nobody needs in a directory'] },
      },
    ])
    .build(),
  document(SERIES.kos, '88.59', 'KO', 3, 'Of Interest').build(),
  of(SERIES.pdf, '104.1', 'DOC', 4)
    .set('DocumentTitle', 'ST', ['Discharge letter'])
    .set('MIMETypeOfEncapsulatedDocument', 'LO', ['application/pdf'])
    .set('EncapsulatedDocument', 'OB', [])
    .build(),
]
const CHINESE = Buffer.concat(
  openPart10Writer('GB18030')({
    dataset: dicom()
      .uids({ study: chinese })
      .set('StudyDescription', 'LO', ['胸部平扫'])
      .without('PatientID')
      .without('StudyDate')
      .without('StudyTime')
      .set('ContentDate', 'DA', ['2026.01.05'])
      .set('ContentTime', 'TM', ['081500.25'])
      .json(),
  }),
)

let app: TestApp
let granted: string
beforeAll(async () => {
  app = await startTestApp()
  for (const file of [...FILES, CHINESE]) {
    const answer = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file]) })
    expect(answer.status, await answer.text()).toBe(200)
  }
  await app.drain()
  const reviewer = await app.user(['reviewer'])
  granted = reviewer.token
  const grant = await app.fetch(`/api/studies/${study}/grants/${reviewer.userId}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  expect(grant.ok, await grant.text()).toBe(true)
})
afterAll(() => app.close())

const pathOf = (uid: string) => `/api/studies/${uid}/archive`

async function download(uid: string): Promise<Record<string, Buffer>> {
  const answer = await app.fetch(pathOf(uid))
  expect(answer.status).toBe(200)
  const zip = new Uint8Array(await answer.arrayBuffer())
  expect(answer.headers.get('Content-Length')).toBe(String(zip.length))
  return Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, Buffer.from(bytes)]))
}

async function exports(): Promise<unknown[]> {
  return app.pacs.database.query(
    `select outcome, study_instance_uid, detail from audit_event where event = 'export' order by audit_event_id`,
  )
}

describe('GET /api/studies/{study}/archive', () => {
  it('answers every instance as it is retrieved alone, under File IDs of the standard', async () => {
    const { DICOMDIR, ...files } = await download(study)
    expect(DICOMDIR).toBeDefined()
    expect(Object.keys(files)).toEqual([
      'DICOM/PA000000/ST000000/SE000000/IM000000',
      'DICOM/PA000000/ST000000/SE000000/IM000001',
      'DICOM/PA000000/ST000000/SE000000/IM000002',
      'DICOM/PA000000/ST000000/SE000001/IM000000',
      'DICOM/PA000000/ST000000/SE000002/IM000000',
      'DICOM/PA000000/ST000000/SE000003/IM000000',
    ])
    for (const [index, file] of Object.values(files).entries()) {
      const sent = Buffer.from(FILES[index] ?? [])
      // A preamble is never served (docs/decisions/0005).
      sent.fill(0, 0, 128)
      expect(file.equals(sent), `file ${index}`).toBe(true)
    }
  })

  it('is a ZIP to be saved, whose name names no patient, and of which nothing is kept on the way', async () => {
    const answer = await app.fetch(pathOf(study), { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('application/zip')
    expect(answer.headers.get('Content-Disposition')).toBe(`attachment; filename="${study}.zip"`)
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    expect(Number(answer.headers.get('Content-Length'))).toBeGreaterThan(5_000_000)
  })

  it('is one export in the audit, which says how much was taken', async () => {
    const before = await exports()
    await download(study)
    expect((await exports()).slice(before.length)).toEqual([
      {
        outcome: 'success',
        study_instance_uid: study,
        detail: { what: 'study', format: 'zip', instances: FILES.length },
      },
    ])
  })

  it('refuses who may read the study and not take it away', async () => {
    const read = await app.fetch(`/api/studies/${study}`, { token: granted })
    expect(read.status).toBe(200)
    const answer = await app.fetch(pathOf(study), { token: granted })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'not-allowed' })
  })

  it('answers 404 where there is no such study, or it is another organisation’s', async () => {
    const foreign = await app.user(['administrator'], await app.organisation('Elsewhere'))
    for (const [uid, token] of [
      [newUid(), app.token],
      [study, foreign.token],
      [study, (await app.user(['technician'])).token],
    ] as const) {
      const answer = await app.fetch(pathOf(uid), { token })
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ code: 'study-not-found' })
    }
  })

  it('stops reading when the client goes away', async () => {
    let opened = 0
    let stopped = false
    const { objects } = app.pacs
    const stream = objects.stream.bind(objects)
    objects.stream = async (key, range, signal) => {
      opened += 1
      signal?.addEventListener('abort', () => {
        stopped = true
      })
      const real = await stream(key, range, signal)
      // A store that never comes to an end: only the client's leaving ends it.
      return (async function* () {
        for await (const chunk of real) yield chunk
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
        throw new Error('The reading went on.')
      })()
    }
    try {
      const leaving = new AbortController()
      const answer = await app.fetch(pathOf(study), { signal: leaving.signal })
      const reader = answer.body?.getReader()
      await reader?.read()
      await expect.poll(() => opened).toBe(1)
      leaving.abort()
      await expect.poll(() => stopped).toBe(true)
    } finally {
      objects.stream = stream
    }
    expect(opened).toBe(1)
  })
})

const typeOf = ({ record }: ReadRecord): string => firstString(record, '00041430') ?? ''

describe('its DICOMDIR', () => {
  it('leads by offsets from the patient to every instance, each with the record of its kind', async () => {
    const files = await download(study)
    const { head, root } = readDicomdir(files['DICOMDIR'] ?? Buffer.alloc(0))
    expect(items(head, '00041220')).toHaveLength(6 + 4 + 2)
    expect(root.map(typeOf)).toEqual(['PATIENT'])
    const [patient] = root
    expect(firstPersonName(patient?.record ?? {}, '00100010')).toEqual({
      Alphabetic: 'Zhang^San',
      Ideographic: '张^三',
    })
    expect(firstString(patient?.record ?? {}, '00080005')).toBe('ISO_IR 192')
    const [entry] = patient?.lower ?? []
    expect(entry?.record).toMatchObject({
      '0020000D': { vr: 'UI', Value: [study] },
      '00200010': { vr: 'SH', Value: ['S7'] },
      '00080020': { vr: 'DA', Value: ['20260102'] },
      '00080030': { vr: 'TM', Value: ['101500'] },
    })
    const series = entry?.lower ?? []
    expect(series.map(({ record }) => firstString(record, '0020000E'))).toEqual(Object.values(SERIES))
    expect(series.map(({ lower }) => lower.map(typeOf))).toEqual([
      ['IMAGE', 'IMAGE', 'IMAGE'],
      ['SR DOCUMENT'],
      ['KEY OBJECT DOC'],
      ['ENCAP DOC'],
    ])
    for (const { record } of series.flatMap(({ lower }) => lower)) {
      const file = files[strings(record, '00041500').join('/')]?.toString('latin1') ?? ''
      expect(file).toContain(firstString(record, '00041511'))
      expect(file).toContain(firstString(record, '00041510'))
      expect(firstString(record, '00041512')).toBe('1.2.840.10008.1.2.1')
    }
  })

  it('has the keys of a report: its title, its language, when it was verified last', async () => {
    const { root } = readDicomdir((await download(study))['DICOMDIR'] ?? Buffer.alloc(0))
    const [, report, keyObjects, letter] = root[0]?.lower[0]?.lower ?? []
    const sr = report?.lower[0]?.record ?? {}
    expect(firstString(items(sr, '0040A043')[0] ?? {}, '00080104')).toBe('报告')
    expect(items(sr, '0040A730').map((item) => firstString(item, '0040A010'))).toEqual(['HAS CONCEPT MOD'])
    expect(firstString(sr, '0040A030')).toBe('20260104091500')
    expect(firstString(sr, '0040A491')).toBe('COMPLETE')
    expect(items(keyObjects?.lower[0]?.record ?? {}, '0040A043')).toHaveLength(1)
    expect(firstString(letter?.lower[0]?.record ?? {}, '00420010')).toBe('Discharge letter')
    expect(firstString(letter?.lower[0]?.record ?? {}, '00420012')).toBe('application/pdf')
  })

  it('has Chinese names in the character set they came in, and an ID that is no patient’s for who has none', async () => {
    const { DICOMDIR = Buffer.alloc(0) } = await download(chinese)
    const [patient] = readDicomdir(DICOMDIR).root
    expect(firstString(patient?.record ?? {}, '00080005')).toBe('GB18030')
    expect(firstPersonName(patient?.record ?? {}, '00100010')?.Ideographic).toBe('张^三')
    expect(DICOMDIR.includes(Buffer.from([0xd5, 0xc5, 0x5e, 0xc8, 0xfd]))).toBe(true)
    expect(firstString(patient?.record ?? {}, '00100020')).toBe(chinese)
    const entry = patient?.lower[0]?.record ?? {}
    expect(firstString(entry, '00081030')).toBe('胸部平扫')
    expect(firstString(entry, '00200010')).toBe('1')
    // Nobody said when the study was: its first image says when that was.
    expect(firstString(entry, '00080020')).toBe('20260105')
    expect(firstString(entry, '00080030')).toBe('081500.25')
  })
})

const program = (name: string, remedy: string) => ({
  name,
  remedy: `apt-get install ${remedy}`,
  found: existsSync(`/usr/bin/${name}`),
})

describeWith(
  allOf(
    program('unzip', 'unzip'),
    program('dcmdump', 'dcmtk'),
    program('dciodvfy', 'dicom3tools'),
    program('dcdirdmp', 'dicom3tools'),
  ),
  'its DICOMDIR, read by others',
  () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'yunying-dicomdir-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it.each([
      ['of many kinds of instances', study],
      ['with Chinese names', chinese],
    ])('a study %s is without fault', async (_, uid) => {
      const zip = join(folder, `${uid}.zip`)
      const answer = await app.fetch(pathOf(uid))
      await writeFile(zip, new Uint8Array(await answer.arrayBuffer()))
      await run('/usr/bin/unzip', ['-q', zip, '-d', join(folder, uid)])
      const path = join(folder, uid, 'DICOMDIR')
      const dumped = await run('/usr/bin/dcmdump', ['+U8', path]).catch(() => run('/usr/bin/dcmdump', [path]))
      expect(dumped.stderr).toBe('')
      // It answers faults and all it sees on the error output, and fails where there are any.
      const verified = await run('/usr/bin/dciodvfy', [path]).catch((error: { stderr: string }) => error)
      expect(verified.stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([])
      const walked = await run('/usr/bin/dcdirdmp', [path])
      expect(walked.stderr + walked.stdout).toMatch(/PATIENT[\s\S]*STUDY[\s\S]*SERIES/)
    })
  },
)
