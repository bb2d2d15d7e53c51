import { accessScope, scopePredicate } from '../access/access-scope.ts'
import type { Principal } from '../access/principal.ts'
import type { EmergencyMatch, EmergencySearch } from '../contract/emergency.ts'
import type { Pacs } from '../pacs.ts'
import type { SqlValue } from '../ports/database.ts'

/** A patient of whom there are studies that the principal may not read. */
export interface HiddenPatient extends EmergencyMatch {
  readonly patientId: string
}

/** An accession number that more patients than this share names none of them. */
const MOST_PATIENTS = 10
const MOST_STUDIES = 500

interface Row {
  readonly patient_id: string
  readonly issuer_of_patient_id: string
  readonly study_date: string
  readonly modalities: string[]
}

const COLUMN = { 'patient-id': 'patient_id', 'accession-number': 'accession_number' } as const

/**
 * The patients whom this identifier names exactly, byte by byte, and of whom there is a study that the principal may not
 * read. A study without a Patient ID belongs to nobody who could be told from others, and is never found.
 */
export async function findHiddenPatients(
  pacs: Pick<Pacs, 'database' | 'clock'>,
  principal: Principal,
  { by, value }: EmergencySearch,
): Promise<HiddenPatient[]> {
  const params: SqlValue[] = [principal.organisationId, value]
  const readable = scopePredicate(accessScope(principal, pacs.clock.now()), 's', params)
  const rows = await pacs.database.query<Row>(
    `select s.patient_id, s.issuer_of_patient_id, s.study_date, s.modalities
     from (select distinct patient_id, issuer_of_patient_id from study
       where organisation_id = $1 and ${COLUMN[by]} = $2 and patient_id <> '' limit ${MOST_PATIENTS}) p
     join study s on s.organisation_id = $1 and s.patient_id = p.patient_id
       and s.issuer_of_patient_id = p.issuer_of_patient_id and not (${readable})
     order by s.issuer_of_patient_id, s.patient_id, s.study_date limit ${MOST_STUDIES}`,
    params,
  )
  const patients = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.patient_id, row.issuer_of_patient_id])
    patients.set(key, [...(patients.get(key) ?? []), row])
  }
  return [...patients.values()].flatMap((studies) => {
    const [first] = studies
    if (first === undefined) return []
    const dates = studies.map((study) => study.study_date).filter((date) => date !== '')
    return {
      patientId: first.patient_id,
      issuerOfPatientId: first.issuer_of_patient_id,
      studies: studies.length,
      modalities: [...new Set(studies.flatMap((study) => study.modalities))].sort(),
      from: dates[0] ?? '',
      to: dates.at(-1) ?? '',
    }
  })
}
