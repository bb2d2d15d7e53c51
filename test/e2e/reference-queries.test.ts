import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstPersonName, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { parseDate, parseTime } from '../../core/dicom/date-time.ts'
import { tagOfKeyword } from '../../core/dicom/dictionary.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { mapConcurrently } from '../../core/archive/map-concurrently.ts'
import { expectedNames } from '../support/charset-names.ts'
import { answerParts } from '../support/multipart-answer.ts'
import {
  AT_ONCE,
  faultsOf,
  storeReferenceScans,
  type ReferenceArchive,
  type StoredScan,
} from '../support/reference-archive.ts'
import { describeWith } from '../support/require.ts'
import { manifest, SHARED_DICOM, type ManifestRow } from '../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const XML = 'multipart/related; type="application/dicom+xml"'
const isHostile = (row: ManifestRow): boolean => row.path.startsWith('hostile/')
/** Whole objects of the standard that belong to no study, and the directory of a medium. */
const NOT_STORED = /DICOMDIR$|^objects\/(hanging-protocol|palette|worklist)\//
/** What the bytes show of their encoding wins over what the file says of it (docs/decisions/0002-leniency.md). */
const SAYS_ANOTHER_SYNTAX = /ts-says-(bigendian-is-little|implicit-is-explicit)\.dcm$/
/** A series has one modality, that of the instance that was received first. */
const OTHER_MODALITY_IN_SERIES = /same-series-other-modality-\d\.dcm$/

/** What the manifest says of a file, as QIDO-RS answers it: keyword and text of the first value. */
function saidOf(row: ManifestRow): [keyword: string, value: string][] {
  const [allocated = '', stored = '', sign = ''] = row.bits.split('/')
  const said: [string, string][] = [
    ['StudyInstanceUID', row.StudyInstanceUID],
    ['SeriesInstanceUID', row.SeriesInstanceUID],
    ['SOPClassUID', row.SOPClassUID],
    ['Modality', row.modality],
    ['AvailableTransferSyntaxUID', SAYS_ANOTHER_SYNTAX.test(row.path) ? '' : row.transfer_syntax],
    ['Rows', row.rows],
    ['Columns', row.cols],
    ['NumberOfFrames', row.frames],
    ['BitsAllocated', allocated],
    ['BitsStored', stored],
    ['PixelRepresentation', sign === '' ? '' : sign === 's' ? '1' : '0'],
    ['PhotometricInterpretation', row.photometric],
  ]
  return said.filter(([, value]) => value !== '')
}

const valuesOf = (json: DicomJson | undefined, keyword: string): string[] =>
  (json?.[tagOfKeyword(keyword) ?? '']?.Value ?? []).map(String)
const lastOf = (path: string): string => path.split('/').at(-1) ?? ''
const studyOf = (path: string): string => path.split('/')[3] ?? ''

describeWith(SHARED_DICOM, 'queries of the reference scans', () => {
  let app: TestApp
  let archive: ReferenceArchive

  beforeAll(async () => {
    app = await startTestApp()
    // Those that are broken on purpose come last: some have the UID of a sound one.
    const rows = [...manifest()].sort((a, b) => Number(isHostile(a)) - Number(isHostile(b)))
    archive = await storeReferenceScans(app, rows, (row) => !isHostile(row) && !NOT_STORED.test(row.path))
    await app.drain()
  }, 300_000)
  afterAll(() => app.close(), 60_000)

  async function ask(path: string): Promise<DicomJson[]> {
    const answer = await app.fetch(`/dicom-web/${path}`, { headers: { Accept: 'application/dicom+json' } })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`)
    return JSON.parse(text) as DicomJson[]
  }

  it('have every sound file to find', () => {
    const sound = archive.refused.filter(({ row }) => !isHostile(row) && !NOT_STORED.test(row.path))
    expect(sound.map(({ row, why }) => `${row.path}: ${why}`)).toEqual([])
    expect(archive.stored.length).toBeGreaterThan(900)
  })

  it('answer for every instance what the manifest says of it', { timeout: 300_000 }, async () => {
    expect(
      await faultsOf(archive.stored, async ({ row, path }) => {
        const [found, ...more] = await ask(`instances?SOPInstanceUID=${lastOf(path)}&includefield=all`)
        if (found === undefined || more.length > 0) return `${more.length} more than one, or none`
        const wrong = saidOf(row).flatMap(([keyword, should]) => {
          const [is = ''] = valuesOf(found, keyword)
          return is === should ? [] : [`${keyword} is ${is}, not ${should}`]
        })
        return wrong.length === 0 ? undefined : wrong.join('; ')
      }),
    ).toEqual([])
  })

  it('answer for every study and series what its files have', { timeout: 300_000 }, async () => {
    const count = (of: (scan: StoredScan) => string, key: string): number =>
      archive.stored.filter((scan) => of(scan) === key).length
    const seriesPath = ({ path }: StoredScan): string => path.split('/').slice(0, 6).join('/')
    const studies = new Map(
      (await ask('studies')).map((each) => [valuesOf(each, 'StudyInstanceUID')[0], each]),
    )
    const series = new Map(
      (await ask('series')).map((each) => [new URL(String(valuesOf(each, 'RetrieveURL')[0])).pathname, each]),
    )
    expect(
      await faultsOf(archive.stored, async (scan) => {
        const study = studies.get(studyOf(scan.path))
        const its = series.get(seriesPath(scan))
        const wrong = [
          scan.row.modality === '' ||
            OTHER_MODALITY_IN_SERIES.test(scan.row.path) ||
            valuesOf(study, 'ModalitiesInStudy').includes(scan.row.modality),
          valuesOf(study, 'NumberOfStudyRelatedInstances')[0] ===
            String(count(({ path }) => studyOf(path), studyOf(scan.path))),
          valuesOf(its, 'NumberOfSeriesRelatedInstances')[0] === String(count(seriesPath, seriesPath(scan))),
        ]
        return wrong.every(Boolean) ? undefined : JSON.stringify([wrong, study, its])
      }),
    ).toEqual([])
  })

  describe('names in every character set', () => {
    const names = expectedNames()
    const studyWith = (path: string): string =>
      studyOf(archive.stored.find(({ row }) => row.path === path)?.path ?? '')

    it.each(names)('$path comes back as its author has it', async ({ path, name }) => {
      const query = `studies?StudyInstanceUID=${studyWith(path)}`
      expect(firstPersonName((await ask(query))[0] ?? {}, Tag.PatientName)).toEqual(name)
      const [instance] = await ask(`instances?StudyInstanceUID=${studyWith(path)}&includefield=all`)
      expect(firstPersonName(instance ?? {}, Tag.PatientName)).toEqual(name)
      const answer = await app.fetch(`/dicom-web/${query}`, { headers: { Accept: XML } })
      const [part] = await answerParts(answer)
      expect(nameInXml(part?.body.toString() ?? '')).toEqual(name)
    })

    it.each(names)('$path is found by each group of the name', async ({ path, name }) => {
      const missed = await mapConcurrently(
        Object.entries(name).flatMap(([group, text]) => waysToAsk(group, text)),
        AT_ONCE,
        async (query) => {
          const found = await ask(`studies?${query}`)
          const uids = found.map((each) => valuesOf(each, 'StudyInstanceUID')[0])
          return uids.includes(studyWith(path)) ? [] : [decodeURIComponent(query)]
        },
      )
      expect(missed.flat()).toEqual([])
    })
  })

  it.each([
    ['studies', 'StudyInstanceUID', STUDY_KEYS],
    ['series', 'SeriesInstanceUID', SERIES_KEYS],
    ['instances', 'SOPInstanceUID', INSTANCE_KEYS],
  ])('%s are found by each of their own values', { timeout: 300_000 }, async (level, unique, keys) => {
    const missed = new Set<string>()
    // One question a value, however many have it: the answer holds all of them.
    const having = new Map<string, string[]>()
    for (const each of await ask(`${level}?includefield=${keys.join(',')}`)) {
      for (const query of keys.flatMap((keyword) => questions(each, keyword))) {
        having.set(query, [...(having.get(query) ?? []), valuesOf(each, unique)[0] ?? ''])
      }
    }
    expect(having.size).toBeGreaterThan(100)
    await mapConcurrently([...having], AT_ONCE, async ([query, uids]) => {
      const found = new Set((await ask(`${level}?${query}`)).map((each) => valuesOf(each, unique)[0]))
      for (const uid of uids) if (!found.has(uid)) missed.add(`${query} misses ${uid}`)
      if (EXACT.test(query) && found.size > uids.length)
        missed.add(`${query} finds ${found.size}, not ${uids.length}`)
    })
    expect([...missed]).toEqual([])
  })
})

/** PS3.18 table 10.6.1-5, and what else is matched here. */
const STUDY_KEYS = [
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'AccessionNumber',
  'ModalitiesInStudy',
  'ReferringPhysicianName',
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyID',
  'StudyDescription',
]
const SERIES_KEYS = [
  ...STUDY_KEYS,
  'SeriesInstanceUID',
  'Modality',
  'SeriesNumber',
  'SeriesDescription',
  'BodyPartExamined',
  'PerformedProcedureStepStartDate',
  'PerformedProcedureStepStartTime',
]
const INSTANCE_KEYS = [
  'SOPInstanceUID',
  'SOPClassUID',
  'InstanceNumber',
  'Rows',
  'Columns',
  'NumberOfFrames',
  'BitsAllocated',
]

/** Nobody asks with an address that long. */
const LONGEST_QUESTION = 4000

/** Matched without wildcards, folding or ranges in these values: nothing else is found. */
const EXACT =
  /^(\w+UID|\w+Date|PatientSex|Modality|ModalitiesInStudy|\w+Number|Rows|Columns|BitsAllocated)=[^*?]*$/

/** Questions by the values that an answer has of an attribute; none by values that cannot be asked for. */
function questions(answer: DicomJson, keyword: string): string[] {
  const tag = tagOfKeyword(keyword) ?? ''
  const name = firstPersonName(answer, tag)
  const [value = ''] =
    name === undefined
      ? valuesOf(answer, keyword)
      : [[name.Alphabetic, name.Ideographic, name.Phonetic].map((group) => group ?? '').join('=')]
  const { vr } = answer[tag] ?? {}
  // What is no number, no day or no time of day is not asked for as one.
  if (vr === 'IS' && !/^-?\d+$/.test(value)) return []
  // Frames that are declared and not there are not counted.
  if (keyword === 'NumberOfFrames' && !/^\d{1,6}$/.test(value)) return []
  if (vr === 'DA' && parseDate(value) === undefined) return []
  if (vr === 'TM' && parseTime(value, 'first') === undefined) return []
  const values = keyword === 'ModalitiesInStudy' ? valuesOf(answer, keyword) : [value]
  return values
    .filter((each) => each !== '' && each.length < LONGEST_QUESTION)
    .map((each) => `${keyword}=${encodeURIComponent(each)}`)
}

const unaccented = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '')

/** A group of a name as people type it: whole, in any case, without accents, with wildcards, by its place, by a word. */
function waysToAsk(group: string, text: string): string[] {
  const before = '='.repeat(['Alphabetic', 'Ideographic', 'Phonetic'].indexOf(group))
  const characters = [...text]
  const typed = [
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    unaccented(text),
    `${before}${text}`,
    `${characters[0]}*`,
    `*${characters.at(-1)}`,
    `*${text}*`,
    `${characters.slice(0, -1).join('')}?`,
    `${text.split('^')[0]}*`,
    `${unaccented(text.split('^')[0] ?? '').toLowerCase()}*`,
  ].map((value) => `PatientName=${encodeURIComponent(value)}`)
  const words = text
    .split('^')
    .filter((word) => word !== '')
    .map((word) => `PatientName=${encodeURIComponent(unaccented(word).toLowerCase())}&fuzzymatching=true`)
  return [...typed, ...words]
}

/** Patient's Name of one data set in the Native DICOM Model (PS3.19 A.1). */
function nameInXml(xml: string): Record<string, string> {
  const [, attribute = ''] = /<DicomAttribute tag="00100010"[^>]*>(.*?)<\/DicomAttribute>/s.exec(xml) ?? []
  const groups = [...attribute.matchAll(/<(Alphabetic|Ideographic|Phonetic)>(.*?)<\/\1>/gs)]
  return Object.fromEntries(
    groups.map(([, group = '', inside = '']) => {
      const components = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'].map(
        (component) => new RegExp(`<${component}>(.*?)</${component}>`, 's').exec(inside)?.[1] ?? '',
      )
      return [group, components.join('^').replace(/\^+$/, '')]
    }),
  )
}
