import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { multipart } from '../../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const A = { study: newUid(), ct: newUid(), sr: newUid(), first: newUid() }
const B = { study: newUid(), series: newUid(), instance: newUid() }
const C = { study: newUid(), series: newUid(), instance: newUid() }
const REQUEST = {
  '00400009': { vr: 'SH', Value: ['SPS-7'] },
  '00401001': { vr: 'SH', Value: ['RP-9'] },
}

const studyA = (series: string, number: number) =>
  dicom()
    .ct({ rows: 8, columns: 16 })
    .uids({ study: A.study, series })
    .set('PatientName', 'PN', [{ Alphabetic: 'Zhang^San', Ideographic: '张^三', Phonetic: 'ㄓㄤ^ㄙㄢ' }])
    .set('PatientID', 'LO', ['A_1%'])
    .set('IssuerOfPatientID', 'LO', ['CLINIC'])
    .set('PatientBirthDate', 'DA', ['19700203'])
    .set('PatientSex', 'CS', ['F'])
    .set('AccessionNumber', 'SH', ['ACC-1'])
    .set('StudyID', 'SH', ['S1'])
    .set('StudyDescription', 'LO', ['Thorax, routine'])
    .set('ReferringPhysicianName', 'PN', [{ Alphabetic: 'Köhler^Jürgen' }])
    .set('SeriesNumber', 'IS', [number])
const FILES = [
  studyA(A.ct, 2)
    .uids({ instance: A.first })
    .set('InstanceNumber', 'IS', [1])
    .set('SeriesDescription', 'LO', ['Lung 1.0'])
    .set('BodyPartExamined', 'CS', ['CHEST'])
    .set('PerformedProcedureStepStartDate', 'DA', ['20260103'])
    .set('PerformedProcedureStepStartTime', 'TM', ['0915'])
    .set('RequestAttributesSequence', 'SQ', [REQUEST])
    .set('ImageType', 'CS', ['ORIGINAL', 'PRIMARY']),
  studyA(A.ct, 2).set('InstanceNumber', 'IS', [2]).set('NumberOfFrames', 'IS', [1]),
  studyA(A.sr, 3).set('Modality', 'CS', ['SR']),
  dicom()
    .ct({ rows: 4, columns: 4, frames: 3 })
    .uids(B)
    .set('PatientName', 'PN', [{ Alphabetic: 'MÜLLER^Renée' }])
    .set('PatientID', 'LO', ['AX1%'])
    .set('Modality', 'CS', ['MR'])
    .set('StudyDate', 'DA', ['20251224'])
    .set('StudyTime', 'TM', ['235959.5'])
    .set('AccessionNumber', 'SH', ['ACC-2']),
  dicom()
    .ct({ rows: 4, columns: 4 })
    .uids(C)
    .set('PatientName', 'PN', [{ Alphabetic: "O'Brien^Mary^Ann" }])
    .without('PatientID')
    .without('StudyDate')
    .without('StudyTime')
    .set('Rows', 'US', [5])
    .set('BitsAllocated', 'US', [7])
    .set('InstanceNumber', 'IS', [2147483647]),
]

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  for (const file of FILES) {
    const stored = await app.fetch('/dicom-web/studies', { method: 'POST', ...multipart([file.build()]) })
    expect(stored.ok).toBe(true)
  }
  await app.drain()
})
afterAll(() => app.close())

async function ask(path: string, accept = 'application/dicom+json') {
  const response = await app.fetch(`/dicom-web/${path}`, { headers: { Accept: accept } })
  const text = await response.text()
  return { response, text, answers: response.status === 200 ? (JSON.parse(text) as DicomJson[]) : [] }
}
const first = (json: DicomJson | undefined, tag: string): unknown => json?.[tag]?.Value?.[0]
const NAMES = new Map([
  [A.study, 'A'],
  [B.study, 'B'],
  [C.study, 'C'],
])
const found = async (path: string): Promise<string> => {
  const { response, text, answers } = await ask(path)
  expect(response.status, text).toBe(200)
  return answers.map((each) => NAMES.get(String(first(each, '0020000D'))) ?? '?').join('')
}

describe('matching of studies', () => {
  it.each([
    // Date and time.
    ['StudyDate=20260102', 'A'],
    ['00080020=20260102', 'A'],
    ['StudyDate=20251201-20251231', 'B'],
    ['StudyDate=20251225-', 'A'],
    ['StudyDate=-20251231', 'B'],
    ['StudyDate=2026-01-02', 'A'],
    ['StudyTime=10', 'A'],
    ['StudyTime=1000-1030', 'A'],
    ['StudyTime=235959', 'B'],
    ['StudyTime=2300-', 'B'],
    ['StudyDate=', 'ABC'],
    // Text: exact, wildcards, and characters that mean something to a database.
    ['AccessionNumber=ACC-1', 'A'],
    ['AccessionNumber=acc-1', ''],
    ['AccessionNumber=ACC-*', 'AB'],
    ['AccessionNumber=ACC-?', 'AB'],
    ['AccessionNumber=*', 'ABC'],
    ['PatientID=A_1%25', 'A'],
    ['PatientID=A_*', 'A'],
    ['PatientID=A?1%25', 'AB'],
    ['PatientID=%25*', ''],
    ["PatientID=' or 1=1 --", ''],
    ['PatientID=\\*', ''],
    ['IssuerOfPatientID=CLINIC', 'A'],
    ['PatientSex=F', 'A'],
    ['PatientBirthDate=19700101-19701231', 'A'],
    ['StudyID=S1', 'A'],
    ['StudyDescription=thorax*', 'A'],
    ['StudyDescription=*ROUTINE', 'A'],
    // Modalities.
    ['ModalitiesInStudy=MR', 'B'],
    ['ModalitiesInStudy=SR', 'A'],
    ['ModalitiesInStudy=ct', 'AC'],
    ['ModalitiesInStudy=SR,MR', 'AB'],
    ['ModalitiesInStudy=SR%5CMR', 'AB'],
    ['ModalitiesInStudy=?R', 'AB'],
    // Names: case, accents, groups, wildcards, words.
    ['PatientName=zhang^san', 'A'],
    ['PatientName=Zhang', ''],
    ['PatientName=ZHANG*', 'A'],
    ['PatientName=*san', 'A'],
    ['PatientName=zh?ng^san', 'A'],
    ['PatientName=张^三', 'A'],
    ['PatientName=张*', 'A'],
    ['PatientName=Zhang^San=张^三', 'A'],
    ['PatientName=Zhang^San=李^四', ''],
    ['PatientName==张^三', 'A'],
    ['PatientName=ㄓㄤ*', 'A'],
    ['PatientName=muller^renee', 'B'],
    ['PatientName=Müller^*', 'B'],
    ["PatientName=o'brien*", 'C'],
    ['PatientName=O.Brien*', ''],
    ['PatientName=.*', ''],
    ['PatientName=(', ''],
    ['PatientName=San&fuzzymatching=true', 'A'],
    ['PatientName=ren mul&fuzzymatching=true', 'B'],
    ['PatientName=mary brien&fuzzymatching=true', ''],
    ['PatientName=三&fuzzymatching=true', 'A'],
    ['ReferringPhysicianName=kohler*', 'A'],
    // Counts, lists of UIDs, several at once.
    ['NumberOfStudyRelatedSeries=2', 'A'],
    ['NumberOfStudyRelatedInstances=3', 'A'],
    [`StudyInstanceUID=${B.study}`, 'B'],
    [`StudyInstanceUID=${A.study},${C.study}`, 'AC'],
    [`StudyInstanceUID=${A.study}%5C${B.study}`, 'AB'],
    ['PatientName=z*&StudyDate=20260102&ModalitiesInStudy=CT', 'A'],
    ['PatientName=z*&StudyDate=20260103', ''],
  ])('studies?%s finds %s', async (query, expected) => {
    const order = await found(`studies?${query}`)
    expect([...order].sort().join('')).toBe(expected)
  })

  it('orders by date, newest first, those without one last', async () => {
    expect(await found('studies')).toBe('ABC')
  })
})

describe('matching of series and instances', () => {
  it.each([
    [`series?SeriesInstanceUID=${A.sr}`, 'A'],
    ['series?Modality=SR', 'A'],
    ['series?Modality=MR&PatientName=m*', 'B'],
    ['series?SeriesNumber=2', 'A'],
    ['series?SeriesDescription=lung*', 'A'],
    ['series?BodyPartExamined=CHEST', 'A'],
    ['series?PerformedProcedureStepStartDate=20260101-20260105', 'A'],
    ['series?PerformedProcedureStepStartTime=0900-1000', 'A'],
    ['series?RequestAttributesSequence.ScheduledProcedureStepID=SPS-7', 'A'],
    ['series?00400275.00401001=RP-*', 'A'],
    ['series?NumberOfSeriesRelatedInstances=2', 'A'],
    ['series', 'AABC'],
    [`studies/${A.study}/series`, 'AA'],
    [`studies/${A.study}/series?Modality=CT`, 'A'],
    [`instances?SOPInstanceUID=${B.instance},${C.instance}`, 'BC'],
    ['instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.2', 'AAABC'],
    ['instances?InstanceNumber=2', 'A'],
    ['instances?NumberOfFrames=3', 'B'],
    ['instances?Rows=8&Columns=16', 'AAA'],
    ['instances?BitsAllocated=8', ''],
    // An instance that describes its pixels, though what it says cannot be read by.
    ['instances?BitsAllocated=7&Rows=5', 'C'],
    ['instances?InstanceNumber=2147483647', 'C'],
    ['instances?InstanceNumber=-2147483647', ''],
    [`studies/${A.study}/instances?Modality=CT`, 'AA'],
    [`studies/${A.study}/series/${A.ct}/instances`, 'AA'],
    [`studies/${A.study}/series/${newUid()}/instances`, ''],
  ])('%s finds %s', async (path, expected) => {
    expect(await found(path)).toBe(expected)
  })
})

describe('what is answered', () => {
  const has = async (path: string, tags: readonly string[], without: readonly string[] = []) => {
    const [answer] = (await ask(path)).answers
    for (const tag of tags) expect(answer, tag).toHaveProperty(tag)
    for (const tag of without) expect(answer, tag).not.toHaveProperty(tag)
    expect(Object.keys(answer ?? {})).toEqual(Object.keys(answer ?? {}).sort())
    return answer
  }

  it('has every required attribute of a study, an empty one without a value', async () => {
    const answer = await has(
      `studies?StudyInstanceUID=${A.study}`,
      '00080020 00080030 00080050 00080056 00080061 00080090 00081190 00100010 00100020 00100030 00100040 0020000D 00200010 00201206 00201208'.split(
        ' ',
      ),
      ['00080060'],
    )
    expect(first(answer, '00081190')).toBe(`${app.url}/dicom-web/studies/${A.study}`)
    expect(answer?.['00080061']).toEqual({ vr: 'CS', Value: ['CT', 'SR'] })
    expect(answer?.['00201206']).toEqual({ vr: 'IS', Value: [2] })
    const [bare] = (await ask(`studies?StudyInstanceUID=${C.study}`)).answers
    expect(bare?.['00100020']).toEqual({ vr: 'LO' })
    expect(bare?.['00080020']).toEqual({ vr: 'DA' })
  })

  it('has those of a series, with the study above it only when the address does not say it', async () => {
    const required = '00080060 0008103E 0020000E 00200011 00201209 00400244 00400245 00400275 00081190'
    await has(`series?SeriesInstanceUID=${A.ct}`, [...required.split(' '), '00100010', '0020000D'])
    await has(
      `studies/${A.study}/series?SeriesInstanceUID=${A.ct}`,
      [...required.split(' '), '0020000D'],
      ['00100010'],
    )
  })

  it('has those of an instance', async () => {
    await has(
      `instances?SOPInstanceUID=${B.instance}`,
      '00080016 00080018 00200013 00280008 00280010 00280011 00280100 00081190 0020000E 00100010'.split(' '),
    )
  })

  it.each([
    ['studies', 'IssuerOfPatientID', '00100021'],
    ['studies', '00100021', '00100021'],
    ['series', 'BodyPartExamined', '00180015'],
    ['instances', 'ImageType', '00080008'],
    ['instances', 'StudyDescription,ImageType', '00080008'],
    ['studies', 'all', '00100021'],
    ['series', 'all', '00180015'],
    ['instances', 'all', '00080008'],
  ])('%s?includefield=%s adds it', async (level, field, tag) => {
    const query = `${level}?StudyInstanceUID=${A.study}&includefield=${field}`
    const [answer] = (await ask(query)).answers
    const [plain] = (await ask(`${level}?StudyInstanceUID=${A.study}`)).answers
    expect(answer).toHaveProperty(tag)
    expect(plain).not.toHaveProperty(tag)
  })

  it('says in which transfer syntax an instance is kept, when asked', async () => {
    const query = `instances?SOPInstanceUID=${A.first}&includefield=AvailableTransferSyntaxUID`
    expect(first((await ask(query)).answers[0], '00083002')).toBe('1.2.840.10008.1.2.1')
  })

  it('never sends pixels or a character set that the text does not have', async () => {
    const [answer] = (await ask(`instances?SOPInstanceUID=${A.first}&includefield=all`)).answers
    expect(answer?.['7FE00010']?.Value).toBeUndefined()
    expect(answer?.['00080005'] ?? { vr: 'CS', Value: ['ISO_IR 192'] }).toEqual({
      vr: 'CS',
      Value: ['ISO_IR 192'],
    })
  })
})

describe('pages, warnings and representations', () => {
  it('pages with a stable order and says that there is more', async () => {
    const pages = await Promise.all([0, 1, 2, 3].map((offset) => ask(`studies?limit=1&offset=${offset}`)))
    expect(pages.map(({ answers }) => NAMES.get(String(first(answers[0], '0020000D'))))).toEqual([
      'A',
      'B',
      'C',
      undefined,
    ])
    const warnings = pages.map(({ response }) => response.headers.get('Warning'))
    expect(warnings[0]).toMatch(/^299 .*additional results/)
    expect(warnings.slice(2)).toEqual([null, null])
    expect((await ask('studies?limit=0')).answers).toEqual([])
  })

  it.each([
    ['nonsense=1', /^299 .*not supported: nonsense/],
    ['Modality=CT', /^299 .*not supported: 00080060/],
    ['includefield=nonsense', /nonsense/],
    ['a%0D%0ASet-Cookie:x=1', /aSetCookiex|aSetCookie/],
  ])('warns of %s and answers all the same', async (query, warning) => {
    const { response, answers } = await ask(`studies?${query}`)
    expect(response.headers.get('Warning')).toMatch(warning)
    expect(answers).toHaveLength(3)
  })

  it.each([
    ['StudyDate=yesterday', 'match-value-invalid'],
    ['StudyDate=20261301', 'match-value-invalid'],
    ['StudyDate=20260102-20250101', 'match-value-invalid'],
    ['StudyTime=99', 'match-value-invalid'],
    ['StudyInstanceUID=abc', 'match-value-invalid'],
    ['NumberOfStudyRelatedSeries=two', 'match-value-invalid'],
    ['NumberOfStudyRelatedSeries=9999999999', 'match-value-invalid'],
    ['limit=-1', 'limit-invalid'],
    ['limit=many', 'limit-invalid'],
    ['offset=1.5', 'offset-invalid'],
    ['fuzzymatching=perhaps', 'fuzzymatching-invalid'],
    ['PatientName=a%00b', 'match-value-invalid'],
    ['PatientID=a%00b', 'match-value-invalid'],
    ['ModalitiesInStudy=C%00T', 'match-value-invalid'],
  ])('studies?%s is refused', async (query, code) => {
    const { response, text } = await ask(`studies?${query}`)
    expect(response.status).toBe(400)
    expect((JSON.parse(text) as { code: string }).code).toBe(code)
  })

  it.each([
    ['application/dicom+json', 200, 'application/dicom+json'],
    ['application/json', 200, 'application/json'],
    ['*/*', 200, 'application/dicom+json'],
    ['application/*;q=0.5, text/html', 200, 'application/dicom+json'],
    [
      'multipart/related; type="application/dicom+xml"',
      200,
      'multipart/related; type="application/dicom+xml"',
    ],
    ['text/html', 406, 'application/problem+json'],
    ['multipart/related; type="application/dicom"', 406, 'application/problem+json'],
  ])('Accept: %s is %i %s', async (accept, status, type) => {
    const response = await app.fetch('/dicom-web/studies', { headers: { Accept: accept } })
    expect(response.status).toBe(status)
    expect(response.headers.get('Content-Type')).toContain(type)
    await response.arrayBuffer()
  })

  it('answers [] when nothing is found, and 204 in XML, which has no empty form', async () => {
    expect((await ask('studies?PatientID=nobody')).text).toBe('[]')
    const xml = await ask('studies?PatientID=nobody', 'multipart/related; type="application/dicom+xml"')
    expect([xml.response.status, xml.text]).toEqual([204, ''])
  })

  it('answers one part of XML for each match', async () => {
    const { text } = await app
      .fetch('/dicom-web/studies', { headers: { Accept: 'multipart/related; type="application/dicom+xml"' } })
      .then(async (response) => ({ text: await response.text() }))
    expect(text.match(/<NativeDicomModel/g)).toHaveLength(3)
    expect(text).toContain('张')
  })

  it('is not kept by anyone and is audited', async () => {
    const { response } = await ask('studies')
    expect(response.headers.get('Cache-Control')).toBe('private, no-store')
    const rows = await app.pacs.database.query("select 1 from audit_event where event = 'query'")
    expect(rows.length).toBeGreaterThan(0)
  })
})
