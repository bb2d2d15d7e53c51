import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { PersonName } from '../contract/api.ts'
import type { SlipState } from '../contract/patient.ts'
import { YunyingError, notFound } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import { insertUser } from '../identity/user-table.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { hashSlipCode, newSlipCode } from './slip-code.ts'

interface PatientOfStudy {
  readonly patient_id: string
  readonly issuer_of_patient_id: string
  readonly patient_birth_date: string
  readonly patient_name: PersonName | null
  readonly organisation_name: string
  /** More than one date of birth is known under this Patient ID. */
  readonly differ: boolean
}

/** Whether the patient of a study can be given a slip, and which one is out. */
export async function slipState(pacs: Pick<Pacs, 'database'>, study: ReadableStudy): Promise<SlipState> {
  const patient = await patientOf(pacs.database, study)
  const [current] = await pacs.database.query<{ issued_at: Date; expires_at: Date; opened_at: Date | null }>(
    `select sl.issued_at, sl.expires_at, sl.opened_at from patient_slip sl join patient_account pa using (user_id)
     where pa.organisation_id = $1 and pa.patient_id = $2 and pa.issuer_of_patient_id = $3 and sl.expires_at > now()`,
    [study.organisationId, patient.patient_id, patient.issuer_of_patient_id],
  )
  return {
    patientName: patient.patient_name,
    birthDate: patient.patient_birth_date,
    obstacle: obstacleOf(patient),
    current:
      current === undefined
        ? null
        : {
            issuedAt: current.issued_at.toISOString(),
            expiresAt: current.expires_at.toISOString(),
            openedAt: current.opened_at?.toISOString() ?? null,
          },
  }
}

/**
 * A code for the patient of a study, with which and with their date of birth they open a page of their own. One that was out
 * opens nothing any more, and what it opened is closed. Errors: 'conflict' codes 'slip-no-patient-id', 'slip-no-birth-date',
 * 'slip-birth-dates-differ'.
 */
export async function issueSlip(
  pacs: Pacs,
  principal: Principal,
  study: ReadableStudy,
  days: number,
): Promise<{ code: string; expiresAt: Date; patientName: PersonName | null; organisationName: string }> {
  const patient = await patientOf(pacs.database, study)
  const obstacle = obstacleOf(patient)
  if (obstacle !== null) throw new YunyingError('conflict', `slip-${obstacle}`, OBSTACLES[obstacle])
  const code = newSlipCode()
  const expiresAt = new Date(pacs.clock.now() + days * 86_400_000)
  await pacs.database.transaction(async (tx) => {
    const userId = await accountOf(tx, study.organisationId, patient)
    await tx.query(
      `insert into patient_slip (user_id, organisation_id, code_hash, issued_by, expires_at) values ($1, $2, $3, $4, $5)
       on conflict (user_id) do update set code_hash = excluded.code_hash, issued_by = excluded.issued_by,
         issued_at = now(), expires_at = excluded.expires_at, opened_at = null, wrong_guesses = 0, guess_after = null`,
      [
        userId,
        study.organisationId,
        hashSlipCode(code),
        principal.kind === 'user' ? principal.userId : null,
        expiresAt,
      ],
    )
    await endSessions(tx, userId)
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      studyId: study.studyId,
      studyInstanceUid: study.studyInstanceUid,
      detail: { change: 'patient-slip-issued', subject: userId, days },
    })
  })
  await publishRegistry(pacs)
  return {
    code,
    expiresAt,
    patientName: patient.patient_name,
    organisationName: patient.organisation_name,
  }
}

/** Takes a slip back, and closes what it opened. Errors: 'not-found' code 'slip-not-found'. */
export async function revokeSlip(pacs: Pacs, principal: Principal, userId: string): Promise<void> {
  await pacs.database.transaction(async (tx) => {
    const [slip] = await tx.query(
      'delete from patient_slip where user_id::text = $1 and organisation_id = $2 returning 1',
      [userId, principal.organisationId],
    )
    if (slip === undefined) throw notFound('slip-not-found', 'This patient has no slip.')
    await endSessions(tx, userId)
    await recordAudit(tx, principal, {
      event: 'configuration-changed',
      outcome: 'success',
      detail: { change: 'patient-slip-revoked', subject: userId },
    })
  })
  await publishRegistry(pacs)
}

async function endSessions(tx: Queryable, userId: string): Promise<void> {
  await tx.query('delete from session where user_id = $1', [userId])
  await tx.query(`select pg_notify('access_changed', $1)`, [userId])
}

const OBSTACLES = {
  'no-patient-id': 'This study names no patient ID: nothing says which studies are the patient’s.',
  'no-birth-date': 'This study names no date of birth, which the patient would be asked for.',
  'birth-dates-differ':
    'Studies of this patient ID have different dates of birth. They may be of different people: correct them first.',
} as const

function obstacleOf(patient: PatientOfStudy): keyof typeof OBSTACLES | null {
  if (patient.patient_id === '') return 'no-patient-id'
  if (!/^\d{8}$/.test(patient.patient_birth_date)) return 'no-birth-date'
  return patient.differ ? 'birth-dates-differ' : null
}

async function patientOf(database: Queryable, study: ReadableStudy): Promise<PatientOfStudy> {
  const [patient] = await database.query<PatientOfStudy>(
    `select s.patient_id, s.issuer_of_patient_id, s.patient_birth_date, s.patient_name, o.name as organisation_name,
       exists (select 1 from study other where other.organisation_id = s.organisation_id and other.patient_id = s.patient_id
         and other.issuer_of_patient_id = s.issuer_of_patient_id and other.patient_birth_date <> ''
         and other.patient_birth_date <> s.patient_birth_date) as differ
     from study s join organisation o using (organisation_id) where s.study_id = $1`,
    [study.studyId],
  )
  if (patient === undefined) throw notFound('study-not-found', 'There is no such study.')
  return patient
}

/** The account of a patient, made where there is none; it is named as the last study names them. */
async function accountOf(tx: Queryable, organisationId: string, patient: PatientOfStudy): Promise<string> {
  const { patient_id, issuer_of_patient_id, patient_birth_date, patient_name } = patient
  // Two slips at the same moment are of one account.
  await tx.query(`select pg_advisory_xact_lock(hashtext('patient-account'), hashtext($1))`, [patient_id])
  const [known] = await tx.query<{ user_id: string }>(
    `update patient_account set birth_date = $4 where organisation_id = $1 and patient_id = $2
       and issuer_of_patient_id = $3 returning user_id`,
    [organisationId, patient_id, issuer_of_patient_id, patient_birth_date],
  )
  const displayName = patient_name?.Ideographic ?? patient_name?.Alphabetic ?? patient_id
  if (known !== undefined) {
    await tx.query('update app_user set display_name = $2, disabled_at = null where user_id = $1', [
      known.user_id,
      displayName.replaceAll('^', ' ').trim(),
    ])
    return known.user_id
  }
  const userId = await insertUser(tx, {
    organisationId,
    email: '',
    displayName: displayName.replaceAll('^', ' ').trim(),
    roles: ['patient'],
    passwordHash: null,
    mustChangePassword: false,
    kind: 'patient',
  })
  await tx.query(
    `insert into patient_account (user_id, organisation_id, patient_id, issuer_of_patient_id, birth_date)
     values ($1, $2, $3, $4, $5)`,
    [userId, organisationId, patient_id, issuer_of_patient_id, patient_birth_date],
  )
  return userId
}
