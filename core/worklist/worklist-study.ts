import type { PersonName, WorklistStudy } from '../contract/api.ts'

/** A study as the worklist's queries read it. */
export interface WorklistStudyRow {
  readonly study_id: string
  readonly study_instance_uid: string
  readonly patient_name: PersonName | null
  readonly patient_id: string
  readonly patient_sex: string
  readonly patient_birth_date: string
  readonly study_date: string
  readonly study_time: string
  readonly study_description: string
  readonly accession_number: string
  readonly modalities: string[]
  readonly series_count: number
  readonly instance_count: number
  readonly first_received_at: Date
  readonly last_received_at: Date
  readonly work_pending: boolean
  readonly work_failed: boolean
  readonly thumbnail_series_uid: string | null
  readonly thumbnail_key: string | null
}

/** Renditions are made when there is time: a study is ready without them. */
const AWAITED = `w.kind <> 'make-renditions'`
/** Studies that have such work, as a filter of many: work is little beside studies, so it is read once, from its side. */
const withWork = (state: string): string =>
  `st.study_id in (select w.key from work_item w where ${AWAITED} and w.state ${state}
     union select s.study_id from work_item w join series s on s.series_id = w.key where ${AWAITED} and w.state ${state})`

const FAILED = "= 'failed'"
const PENDING = "in ('pending', 'running')"
/** Studies some work of which failed for good, as SQL over the alias `st`. */
export const WITH_FAILED_WORK = withWork(FAILED)
/** Studies with work still to do, as SQL over the alias `st`. */
export const WITH_PENDING_WORK = withWork(PENDING)

/**
 * What `WorklistStudyRow` holds, of the few studies of `from`: rows of `study`, under the alias `st`. Work is looked up by
 * its keys, the picture among the study's series.
 */
export const selectWorklistStudies = (from: string): string =>
  `select st.study_id, st.study_instance_uid, st.patient_name, st.patient_id, st.patient_sex,
  st.patient_birth_date, st.study_date, st.study_time, st.study_description, st.accession_number, st.modalities,
  st.series_count, st.instance_count, st.first_received_at, st.last_received_at,
  coalesce(work.pending, false) as work_pending, coalesce(work.failed, false) as work_failed,
  picture.series_instance_uid as thumbnail_series_uid, picture.thumbnail_key
  from ${from} st
  left join lateral (
    select bool_or(w.state ${PENDING}) as pending, bool_or(w.state ${FAILED}) as failed from work_item w
    where w.key = any(array(select series_id from series where study_id = st.study_id union all select st.study_id))
      and ${AWAITED}
  ) work on true
  left join lateral (
    select se.series_instance_uid, d.thumbnail_key from series se join series_derived d using (series_id)
    where se.study_id = st.study_id and d.thumbnail_key is not null
    order by (d.thumbnail_kind = 'image') desc, se.instance_count desc, se.series_number nulls last, se.series_id limit 1
  ) picture on true`

/** A row as the worklist shows it. */
export function presentWorklistStudy(row: WorklistStudyRow): WorklistStudy {
  return {
    studyId: row.study_id,
    studyInstanceUid: row.study_instance_uid,
    patientName: row.patient_name,
    patientId: row.patient_id,
    patientSex: row.patient_sex,
    patientBirthDate: row.patient_birth_date,
    studyDate: row.study_date,
    studyTime: row.study_time,
    studyDescription: row.study_description,
    accessionNumber: row.accession_number,
    modalities: row.modalities,
    seriesCount: row.series_count,
    instanceCount: row.instance_count,
    status: row.work_failed ? 'attention' : row.work_pending ? 'arriving' : 'ready',
    firstReceivedAt: row.first_received_at.toISOString(),
    lastReceivedAt: row.last_received_at.toISOString(),
    thumbnailUrl: thumbnailUrl(row.study_instance_uid, row.thumbnail_series_uid, row.thumbnail_key),
  }
}

/** The picture's address, with the version of its object: a new picture has a new address. */
export function thumbnailUrl(studyUid: string, seriesUid: string | null, key: string | null): string | null {
  if (seriesUid === null || key === null) return null
  const version = /thumbnail\.([0-9a-f-]+)\./.exec(key)?.[1] ?? '1'
  return `/dicom-web/studies/${studyUid}/series/${seriesUid}/thumbnail?v=${version}`
}
