import { accessScope, type AccessScope } from '../../core/access/access-scope.ts'
import type { Role } from '../../core/access/principal.ts'
import { parseSearchQuery, type SearchLevel } from '../../core/archive/search-query.ts'
import { search, type SearchWithin } from '../../core/archive/search.ts'
import { WorklistQuery } from '../../core/contract/api.ts'
import type { Database } from '../../core/ports/database.ts'
import { listWorklist } from '../../core/worklist/list-worklist.ts'
import {
  MADE,
  madeAccession,
  madeInstanceUid,
  madePatientId,
  madeSeriesUid,
  madeStudyUid,
} from './fill-archive.ts'

/** One kind of question that people and machines ask an archive. */
export interface Question {
  readonly name: string
  /** Asks it once; `turn` counts up, so that not one study alone is asked for. */
  readonly ask: (database: Database, studies: number, turn: number) => Promise<unknown>
}

/** Any of the made studies, another each turn. */
const some = (studies: number, turn: number): number => 1 + ((turn * 7919 + 101) % studies)

const scopeOf = (role: Role, userId: string): AccessScope =>
  accessScope({ kind: 'user', userId, organisationId: MADE.organisationId, roles: [role] }, Date.now())
const READERS = {
  radiologist: () => scopeOf('radiologist', MADE.reviewerId),
  reviewer: () => scopeOf('reviewer', MADE.reviewerId),
  technician: () => scopeOf('technician', MADE.technicianId),
} as const
type Reader = keyof typeof READERS

type Asked = string | ((studies: number, turn: number) => string)
const text = (asked: Asked, studies: number, turn: number): string =>
  typeof asked === 'string' ? asked : asked(studies, turn)

function qido(level: SearchLevel, name: string, query: Asked, reader: Reader = 'radiologist'): Question {
  return {
    name: `QIDO ${level}: ${name}${reader === 'radiologist' ? '' : `, ${reader}`}`,
    ask: (database, studies, turn) =>
      search(
        { database, objects: NO_OBJECTS },
        READERS[reader](),
        level,
        parseSearchQuery(new URLSearchParams(text(query, studies, turn))),
      ),
  }
}

function inStudy(level: SearchLevel): Question {
  return {
    name: `QIDO ${level}: of one study`,
    ask: (database, studies, turn) => {
      const within: SearchWithin = { studyInstanceUid: madeStudyUid(some(studies, turn)) }
      const query = parseSearchQuery(new URLSearchParams())
      return search({ database, objects: NO_OBJECTS }, READERS.radiologist(), level, query, within)
    },
  }
}

function worklist(name: string, query: Asked, reader: Reader = 'radiologist'): Question {
  return {
    name: `worklist: ${name}${reader === 'radiologist' ? '' : `, ${reader}`}`,
    ask: (database, studies, turn) => {
      const given: Record<string, string | string[]> = {}
      for (const [key, value] of new URLSearchParams(text(query, studies, turn)))
        given[key] = key === 'modality' ? [value] : value
      return listWorklist({ database }, READERS[reader](), WorklistQuery.parse(given))
    },
  }
}

/** No question here reads an object. */
const NO_OBJECTS = new Proxy(
  {},
  {
    get: () => {
      throw new Error('a search question read an object')
    },
  },
) as never

const SORTS = ['studyDate', 'patientName', 'patientId', 'modality', 'instances', 'description', 'received']

export const QUESTIONS: readonly Question[] = [
  qido('study', 'PatientID', (n, turn) => `PatientID=${madePatientId(some(n, turn))}`),
  qido('study', 'AccessionNumber', (n, turn) => `AccessionNumber=${madeAccession(some(n, turn))}`),
  qido('study', 'StudyInstanceUID', (n, turn) => `StudyInstanceUID=${madeStudyUid(some(n, turn))}`),
  qido(
    'study',
    '50 StudyInstanceUIDs',
    (n, turn) =>
      `StudyInstanceUID=${Array.from({ length: 50 }, (_, index) => madeStudyUid(some(n, turn + index))).join(',')}`,
  ),
  qido('study', 'StudyID', (n, turn) => `StudyID=${some(n, turn)}`),
  qido('study', 'first page of 25', 'limit=25'),
  qido('study', 'first page of 25, all fields', 'limit=25&includefield=all'),
  qido('study', 'random page of 25', (n, turn) => `limit=25&offset=${some(n, turn)}`),
  qido('study', 'last page of 25', (n) => `limit=25&offset=${n - 25}`),
  qido('study', 'common name, prefix', 'limit=25&PatientName=Zhang*'),
  qido('study', 'rare name, prefix', 'limit=25&PatientName=Foker^G*'),
  qido('study', 'name, infix', 'limit=25&PatientName=*okaf*'),
  qido('study', 'written name', 'limit=25&PatientName=张*'),
  qido('study', 'written name, infix', 'limit=25&PatientName=*伟*'),
  qido('study', 'rare written name, infix', 'limit=25&PatientName=*仝*'),
  qido('study', 'name, two letters', 'limit=25&PatientName=Li*'),
  qido('study', 'name, two letters, infix', 'limit=25&PatientName=*qx*'),
  qido('study', 'name, of nobody', 'limit=25&PatientName=Nobody*'),
  qido('study', 'name, fuzzy', 'limit=25&PatientName=ada okaf&fuzzymatching=true'),
  qido('study', 'referring physician', 'limit=25&ReferringPhysicianName=Referrer77*'),
  qido('study', 'PatientID, prefix', 'limit=25&PatientID=PID00001*'),
  qido(
    'study',
    'PatientID, infix',
    (n, turn) => `limit=25&PatientID=*${String(some(n, turn)).padStart(6, '0')}`,
  ),
  qido('study', 'PatientID, infix of two', 'limit=25&PatientID=*x7*'),
  qido('study', 'description, infix', 'limit=25&StudyDescription=*ROTOCOL 77*'),
  qido('study', 'one day', 'limit=25&StudyDate=20210615'),
  qido('study', 'a month', 'limit=25&StudyDate=20210601-20210630'),
  qido('study', 'five years', 'limit=25&StudyDate=20160101-20201231'),
  qido('study', 'time of day', 'limit=25&StudyTime=120000-120001'),
  qido('study', 'birth date', 'limit=25&PatientBirthDate=19700203'),
  qido('study', 'common modality', 'limit=25&ModalitiesInStudy=CT'),
  qido('study', 'rare modality', 'limit=25&ModalitiesInStudy=OPT'),
  qido('study', 'modality, wildcard', 'limit=25&ModalitiesInStudy=O*'),
  qido('study', 'sex, rare', 'limit=25&PatientSex=O'),
  qido(
    'study',
    'name, modality and dates',
    'limit=25&PatientName=Wang*&ModalitiesInStudy=MR&StudyDate=20180101-20211231',
  ),
  qido('study', 'first page of 25', 'limit=25', 'reviewer'),
  qido('study', 'name', 'limit=25&PatientName=Zhang*', 'reviewer'),
  qido('study', 'first page of 25', 'limit=25', 'technician'),
  inStudy('series'),
  qido('series', 'SeriesInstanceUID', (n, turn) => `SeriesInstanceUID=${madeSeriesUid(some(n, turn))}`),
  qido('series', 'first page of 25', 'limit=25'),
  qido('series', 'common modality', 'limit=25&Modality=MR'),
  qido('series', 'rare modality', 'limit=25&Modality=OPT'),
  qido('series', 'a day of work', 'limit=25&PerformedProcedureStepStartDate=20190615'),
  qido(
    'series',
    'scheduled step',
    (n, turn) =>
      `RequestAttributesSequence.ScheduledProcedureStepID=SPS${Math.max(1, Math.floor(some(n, turn) / 10)) * 10}`,
  ),
  inStudy('instance'),
  qido('instance', 'SOPInstanceUID', (n, turn) => `SOPInstanceUID=${madeInstanceUid(some(n, turn))}`),
  qido('instance', 'first page of 25', 'limit=25'),
  worklist('as it opens', ''),
  ...SORTS.flatMap((sort) => [
    worklist(`by ${sort}`, `sort=${sort}&direction=asc`),
    worklist(`by ${sort}, descending`, `sort=${sort}&direction=desc`),
  ]),
  worklist('scrolled to the middle', (n) => `offset=${Math.floor(n / 2)}`),
  worklist('scrolled to the end', (n) => `offset=${n - 100}`),
  worklist('typing "z"', 'q=z'),
  worklist('typing "zh"', 'q=zh'),
  worklist('typing "qx", which nobody has', 'q=qx'),
  worklist('typing "zhang"', 'q=zhang'),
  worklist('typing "zhang ct"', 'q=zhang ct'),
  worklist('typing "okafor wei"', 'q=okafor wei'),
  worklist('typing 张', 'q=张'),
  worklist('typing 张伟', 'q=张伟'),
  worklist('typing 伟', 'q=伟'),
  worklist('typing 仝, which nobody has', 'q=仝'),
  worklist('typing "张 ct"', 'q=张 ct'),
  worklist('typing an ID', (n, turn) => `q=${madePatientId(some(n, turn))}`),
  worklist('typing what nobody has', 'q=xqzzy'),
  worklist('typing "ct", by name', 'q=ct&sort=patientName&direction=asc'),
  worklist('common modality', 'modality=CT'),
  worklist('rare modality', 'modality=OPT'),
  worklist('a month', 'from=20210601&to=20210630'),
  worklist('from a date on', 'from=20200101'),
  worklist('ready', 'status=ready'),
  worklist('arriving', 'status=arriving'),
  worklist('in want of attention', 'status=attention'),
  worklist('as it opens', '', 'reviewer'),
  worklist('typing "zhang"', 'q=zhang', 'reviewer'),
  worklist('as it opens', '', 'technician'),
]
