import { accessScope, scopePredicate } from '../access/access-scope.ts'
import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import type { PersonName } from '../contract/api.ts'
import type { PatientEmergency, PatientImages, PatientPage } from '../contract/patient.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'
import { thumbnailUrl } from '../worklist/worklist-study.ts'
import { patientSettings } from './patient-settings.ts'
import { told, type Somebody } from './told.ts'

type Patient = Principal & { kind: 'user' }

const MOST_STUDIES = 500
const MOST_EMERGENCIES = 20
/** Tags of a series' attributes. */
const INSTITUTION_NAME = '00080080'

interface StudyRow {
  readonly study_instance_uid: string
  readonly study_date: string
  readonly study_description: string
  readonly modalities: string[]
  readonly body_parts: string[]
  readonly institution: string | null
  readonly image_count: number
  readonly patient_name: PersonName | null
  readonly thumbnail_series_uid: string | null
  readonly thumbnail_key: string | null
}

/** A patient's own page: their studies, the last first, and who broke the glass over them. */
export async function patientPage(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  patient: Patient,
): Promise<PatientPage> {
  const params: SqlValue[] = []
  const own = scopePredicate(accessScope(patient, pacs.clock.now()), 's', params)
  const [rows, [organisation], emergencies] = await Promise.all([
    pacs.database.query<StudyRow>(
      `select s.study_instance_uid, s.study_date, s.study_description, s.modalities, s.patient_name,
         array(select distinct se.body_part_examined from series se where se.study_id = s.study_id
           and se.body_part_examined <> '') as body_parts,
         (select max(se.attributes #>> '{${INSTITUTION_NAME},Value,0}') from series se where se.study_id = s.study_id) as institution,
         (select coalesce(sum(i.number_of_frames), 0)::bigint from instance i where i.study_id = s.study_id) as image_count,
         picture.series_instance_uid as thumbnail_series_uid, picture.thumbnail_key
       from study s left join lateral (
         select se.series_instance_uid, d.thumbnail_key from series se join series_derived d using (series_id)
         where se.study_id = s.study_id and d.thumbnail_kind = 'image' order by se.instance_count desc, se.series_id limit 1
       ) picture on true
       where ${own} order by s.study_date desc, s.study_time desc, s.study_id limit ${MOST_STUDIES}`,
      params,
    ),
    pacs.database.query<{ name: string }>('select name from organisation where organisation_id = $1', [
      patient.organisationId,
    ]),
    patientEmergencies(pacs, patient),
  ])
  const organisationName = organisation?.name ?? ''
  return {
    patientName: rows[0]?.patient_name ?? null,
    organisationName,
    emergencies,
    studies: rows.map((row) => ({
      studyInstanceUid: row.study_instance_uid,
      studyDate: row.study_date,
      studyDescription: row.study_description,
      modalities: row.modalities,
      bodyParts: row.body_parts,
      place: row.institution ?? organisationName,
      imageCount: row.image_count,
      thumbnailUrl: thumbnailUrl(row.study_instance_uid, row.thumbnail_series_uid, row.thumbnail_key),
    })),
  }
}

interface EmergencyRow extends Somebody {
  readonly reason_code: PatientEmergency['reasonCode']
  readonly began_at: Date
  readonly ends_at: Date
  readonly lasts: boolean
  readonly reviewed_at: Date | null
}

/** That somebody broke the glass, when and why; what the review said is for people to say. */
async function patientEmergencies(
  pacs: Pick<Pacs, 'database'>,
  patient: Patient,
): Promise<PatientEmergency[]> {
  const { namesShown } = await patientSettings(pacs.database, patient.organisationId)
  const rows = await pacs.database.query<EmergencyRow>(
    `select e.reason_code, e.began_at, coalesce(e.ended_at, e.expires_at) as ends_at,
       e.ended_at is null and e.expires_at > now() as lasts, e.reviewed_at, u.kind, u.roles, u.display_name
     from patient_account pa join emergency_access e on e.organisation_id = pa.organisation_id
       and e.patient_id = pa.patient_id and e.issuer_of_patient_id = pa.issuer_of_patient_id
     join app_user u on u.user_id = e.user_id
     where pa.user_id = $1 order by e.began_at desc limit ${MOST_EMERGENCIES}`,
    [patient.userId],
  )
  return rows.map((row) => ({
    who: told(row, namesShown),
    reasonCode: row.reason_code,
    beganAt: row.began_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    lasts: row.lasts,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
  }))
}

/** The images of a study, in the order in which they are looked through; what has no pixels is not among them. */
export async function patientImages(
  pacs: Pick<Pacs, 'database'>,
  study: ReadableStudy,
): Promise<PatientImages> {
  const rows = await pacs.database.query<{
    series_instance_uid: string
    modality: string
    series_description: string
    images: PatientImages['series'][number]['images']
  }>(
    `select se.series_instance_uid, se.modality, se.series_description,
       jsonb_agg(jsonb_build_object('sopInstanceUid', i.sop_instance_uid, 'frames', i.number_of_frames)
         order by i.instance_number nulls last, i.sop_instance_uid) as images
     from series se join instance i using (series_id)
     where se.study_id = $1 and i.number_of_frames > 0 and se.modality not in ('SEG', 'SR', 'PR', 'KO', 'RTSTRUCT', 'RTDOSE')
     group by se.series_id order by se.series_number nulls last, se.series_instance_uid`,
    [study.studyId],
  )
  return {
    series: rows.map((row) => ({
      seriesInstanceUid: row.series_instance_uid,
      modality: row.modality,
      description: row.series_description,
      images: row.images,
    })),
  }
}
