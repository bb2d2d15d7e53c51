import { madeAccession, madePatientId, madeStudyUid } from './fill-archive.ts'

/** A question by HTTP, as machines and the worklist ask it. */
export interface HttpQuestion {
  readonly name: string
  readonly connections: number
  /** What is asked in turn of an archive of so many studies. */
  readonly paths: (studies: number) => readonly string[]
}

const STUDIES = '/dicom-web/studies'
/** Addresses that one question is asked by, so that not one study alone is asked for. */
const VARIETY = 50

const each = (studies: number, path: (study: number) => string): string[] =>
  Array.from({ length: VARIETY }, (_, turn) => path(1 + ((turn * 7919 + 101) % studies)))

const qido = (name: string, path: (study: number) => string, connections = 1): HttpQuestion => ({
  name: `QIDO-RS ${name}`,
  connections,
  paths: (studies) => each(studies, (study) => encodeURI(`${STUDIES}${path(study)}`)),
})

const worklist = (name: string, query: string): HttpQuestion => ({
  name: `worklist ${name}`,
  connections: 1,
  paths: () => [encodeURI(`/api/worklist${query}`)],
})

/** What must stay as quick as it is while the archive grows. A page is of 25 rows where nothing else is said. */
export const HTTP_QUESTIONS: readonly HttpQuestion[] = [
  qido('PatientID', (study) => `?PatientID=${madePatientId(study)}`),
  qido('PatientID, 8 at once', (study) => `?PatientID=${madePatientId(study)}`, 8),
  qido('StudyInstanceUID', (study) => `?StudyInstanceUID=${madeStudyUid(study)}`),
  qido('AccessionNumber', (study) => `?AccessionNumber=${madeAccession(study)}`),
  qido('first page', () => '?limit=25'),
  qido('a page anywhere', (study) => `?limit=25&offset=${Math.max(0, study - 26)}`),
  qido('PatientName=Zhang*', () => '?limit=25&PatientName=Zhang*'),
  qido('PatientName=*okaf*', () => '?limit=25&PatientName=*okaf*'),
  qido('PatientName=张*', () => '?limit=25&PatientName=张*'),
  qido('PatientName=*伟*', () => '?limit=25&PatientName=*伟*'),
  qido('a week', () => '?limit=25&StudyDate=20210607-20210613'),
  qido('ModalitiesInStudy=CT', () => '?limit=25&ModalitiesInStudy=CT'),
  qido('ModalitiesInStudy=OPT, which is rare', () => '?limit=25&ModalitiesInStudy=OPT'),
  qido('a name and two years', () => '?limit=25&PatientName=Wang*&StudyDate=20200101-20211231'),
  qido(
    'a name, MR and four years',
    () => '?limit=25&PatientName=Wang*&ModalitiesInStudy=MR&StudyDate=20180101-20211231',
  ),
  qido('series of a study', (study) => `/${madeStudyUid(study)}/series`),
  worklist('as it opens', ''),
  worklist('typing "zhang ct"', '?q=zhang ct'),
  worklist('typing 张', '?q=张'),
  worklist('typing 张伟', '?q=张伟'),
  worklist('by name', '?sort=patientName&direction=asc'),
]
