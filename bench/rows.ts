import type { ClientJob, Endpoint } from './client-job.ts'
import { instanceUid, patientId, seriesUid, studyUid } from './made-instances.ts'
import type { Size } from './size.ts'

/** One line of the table: what the client does to each target, and which figure is shown. */
export interface Row {
  readonly name: string
  /** rate: things a second, more is better. latency: a quantile of ms, less is better. */
  readonly figure: 'rate' | 'p50' | 'p95'
  readonly unit: string
  /** What it must reach beside Orthanc, as a factor in our favour. */
  readonly goal?: number
  /** Or an absolute bound, ms. */
  readonly bound?: number
  readonly targets: readonly ('yunying' | 'orthanc' | 'durableOrthanc' | 'static' | 'disk')[]
  readonly runs: number
  /** `run` counts up over all runs, so that each stores something new. */
  readonly job: (endpoint: Endpoint, run: number) => ClientJob
}

export const SIDE = 512
const SMALL_SIDE = 16
const DICOM_WEB = '/dicom-web'
const STUDIES = `${DICOM_WEB}/studies`
const FRAMES = { Accept: 'multipart/related; type="application/octet-stream"' }
const INSTANCES = { Accept: 'multipart/related; type="application/dicom"' }
const JPEG = { Accept: 'image/jpeg' }
/** As browsers ask: what is kept compressed may be sent so. */
const JSON_MODEL = { Accept: 'application/dicom+json', 'Accept-Encoding': 'gzip' }

/** The study that frames, instances and metadata are read from: 100 slices. */
export const READ_STUDY = { number: 900_001, slices: 100 } as const
/** The first of the small studies that queries look through. */
export const QUERY_STUDY = 1_000_000

const seriesPath = `${STUDIES}/${studyUid(READ_STUDY.number)}/series/${seriesUid(READ_STUDY.number)}`
const instancePaths = Array.from(
  { length: READ_STUDY.slices },
  (_, index) => `${seriesPath}/instances/${instanceUid(READ_STUDY.number, index + 1)}`,
)

const withHeaders = (endpoint: Endpoint, headers: Endpoint['headers']): Endpoint => ({
  ...endpoint,
  headers: { ...endpoint.headers, ...headers },
})

/** Every row, sized. */
export function benchRows(size: Size): Row[] {
  return [
    ...[1, 20].map((perRequest) => stow(size, perRequest)),
    ...[1, 6, 16].map((connections) => reading('frames', '/frames/1', FRAMES, connections, size)),
    ...[1, 6, 16].map((connections) => reading('instances', '', INSTANCES, connections, size)),
    get(
      'whole series of 100 in one answer',
      [seriesPath],
      INSTANCES,
      1,
      Math.ceil(size.metadataRequests / 4),
      size,
      1,
    ),
    ...[1, 8].map((connections) =>
      get(
        `series metadata, 100 instances, ${connections} at once`,
        [`${seriesPath}/metadata`],
        JSON_MODEL,
        connections,
        size.metadataRequests,
        size,
        20,
      ),
    ),
    get(
      'rendered JPEG, 512 × 512',
      instancePaths.map((path) => `${path}/rendered`),
      JPEG,
      1,
      size.frameRequests / 4,
      size,
      1,
    ),
    ...queries(size),
    visible('upload to visible, one instance', 'p95', 1_000, 1, size.visibleStudies),
    visible(
      `upload to visible, last of a ${size.visibleSlices}-slice CT`,
      'p95',
      3_000,
      size.visibleSlices,
      Math.max(1, Math.ceil(size.visibleStudies / 4)),
    ),
  ]
}

function stow(size: Size, perRequest: number): Row {
  const instances = size.stowInstances * (perRequest > 1 ? 2 : 1)
  return {
    name: `STOW-RS 0.5 MB CT, 8 × ${perRequest}`,
    figure: 'rate',
    unit: 'instances/s',
    goal: 1.5,
    targets: ['yunying', 'orthanc', 'durableOrthanc', 'disk'],
    runs: size.runs,
    job: (endpoint, run) => ({
      kind: 'stow',
      ...endpoint,
      path: STUDIES,
      connections: 8,
      perRequest,
      instances,
      study: perRequest * 1000 + run,
      side: SIDE,
    }),
  }
}

function reading(
  what: string,
  suffix: string,
  headers: Endpoint['headers'],
  connections: number,
  size: Size,
): Row {
  return {
    name: `${what}, ${connections} in flight`,
    figure: 'rate',
    unit: `${what}/s`,
    ...(what === 'frames' ? { goal: 2 } : {}),
    targets: ['yunying', 'orthanc', 'static'],
    runs: size.runs,
    job: (endpoint) => ({
      kind: 'get',
      ...withHeaders(endpoint, headers),
      paths: instancePaths.map((path) => `${path}${suffix}`),
      connections,
      requests: connections === 1 ? Math.ceil(size.frameRequests / 2) : size.frameRequests,
    }),
  }
}

function get(
  name: string,
  paths: readonly string[],
  headers: Endpoint['headers'],
  connections: number,
  requests: number,
  size: Size,
  goal?: number,
): Row {
  return {
    name,
    figure: 'p50',
    unit: 'ms',
    ...(goal === undefined ? {} : { goal }),
    targets: ['yunying', 'orthanc'],
    runs: size.runs,
    job: (endpoint) => ({ kind: 'get', ...withHeaders(endpoint, headers), paths, connections, requests }),
  }
}

function queries(size: Size): Row[] {
  const count = size.queryStudies
  const some = Array.from({ length: 50 }, (_, index) => (index * 7919) % count)
  const studies = some.map((index) => QUERY_STUDY + index)
  const of = (name: string, paths: readonly string[], connections = 1) =>
    get(`QIDO-RS ${name}, ${count} studies`, paths, JSON_MODEL, connections, size.queryRequests, size, 10)
  const byPatient = studies.map((study) => `${STUDIES}?PatientID=${patientId(study)}`)
  return [
    of('PatientID', byPatient),
    of('PatientID, 8 at once', byPatient, 8),
    of(
      'StudyInstanceUID',
      studies.map((study) => `${STUDIES}?StudyInstanceUID=${studyUid(study)}`),
    ),
    of('first page of 25', [`${STUDIES}?limit=25`]),
    of(
      'a page anywhere',
      some.map((offset) => `${STUDIES}?limit=25&offset=${offset}`),
    ),
    of('PatientName=Zhang*, 25 rows', [`${STUDIES}?PatientName=Zhang*&limit=25`]),
    of('a week, 25 rows', [`${STUDIES}?StudyDate=20260601-20260607&limit=25`]),
    of('ModalitiesInStudy=CT, 25 rows', [`${STUDIES}?ModalitiesInStudy=CT&limit=25`]),
    of(
      'series of a study',
      studies.map((study) => `${STUDIES}/${studyUid(study)}/series`),
    ),
  ]
}

function visible(
  name: string,
  figure: Row['figure'],
  bound: number,
  instancesPerStudy: number,
  studies: number,
): Row {
  return {
    name,
    figure,
    unit: 'ms',
    bound,
    targets: ['yunying'],
    runs: 1,
    job: (endpoint, run) => ({
      kind: 'visible',
      ...endpoint,
      firstStudy: 2_000_000 + instancesPerStudy * 10_000 + run * 1000,
      studies,
      instancesPerStudy,
      side: SIDE,
    }),
  }
}

/** What must be there before rows are measured. */
export function preparations(size: Size): ((endpoint: Endpoint) => ClientJob)[] {
  const store = (endpoint: Endpoint) => ({
    kind: 'stow' as const,
    ...endpoint,
    path: STUDIES,
    connections: 8,
  })
  return [
    (endpoint) => ({
      ...store(endpoint),
      perRequest: 10,
      instances: READ_STUDY.slices,
      study: READ_STUDY.number,
      side: SIDE,
    }),
    (endpoint) => ({
      ...store(endpoint),
      perRequest: 20,
      instances: size.queryStudies,
      study: QUERY_STUDY,
      studies: size.queryStudies,
      side: SMALL_SIDE,
    }),
  ]
}
