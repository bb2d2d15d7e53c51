import { randomUUID } from 'node:crypto'
import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { EmergencyMatch, EmergencySearch, RequestEmergency } from '../contract/emergency.ts'
import { YunyingError, notFound } from '../errors.ts'
import { reauthenticateAnyhow } from '../identity/reauthenticate.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { UserRow } from '../identity/user-table.ts'
import type { Pacs } from '../pacs.ts'
import { emergencySettings, tellEmergency } from './emergency-settings.ts'
import { findHiddenPatients, type HiddenPatient } from './find-patient.ts'

type Person = Principal & { kind: 'user' }

/**
 * That there are studies which an identifier names exactly: how many, of what, from when. Recorded, without the identifier.
 * Errors: 'forbidden' code 'emergency-off'.
 */
export async function searchEmergency(
  pacs: Pacs,
  principal: Person,
  search: EmergencySearch,
): Promise<EmergencyMatch[]> {
  await requireEnabled(pacs, principal)
  const patients = await findHiddenPatients(pacs, principal, search)
  await recordAudit(pacs.database, principal, {
    event: 'query',
    outcome: 'success',
    detail: { what: 'emergency', by: search.by, found: patients.length },
  })
  return patients.map(withoutName)
}

const withoutName = ({ patientId: _named, ...match }: HiddenPatient): EmergencyMatch => match

/**
 * Breaks the glass: from now on, and for as long as the organisation says, the person reads every study of the patient. The
 * answer is the id of the access. Errors: 'forbidden' code 'emergency-off'; those of
 * `reauthenticateAnyhow`; 'not-found' code
 * 'emergency-patient-not-found'; 'conflict' code 'emergency-patient-ambiguous'.
 */
export async function requestEmergency(
  pacs: Pacs,
  principal: Person,
  who: { readonly user: UserRow; readonly authenticatedAt: Date | null },
  request: RequestEmergency,
): Promise<string> {
  const { minutes } = await requireEnabled(pacs, principal)
  await reauthenticateAnyhow(pacs, who, request, principal.address)
  const patient = theOne(await findHiddenPatients(pacs, principal, request), request.issuerOfPatientId)
  const emergencyId = randomUUID()
  const expiresAt = new Date(pacs.clock.now() + minutes * 60_000)
  await pacs.database.transaction(async (tx) => {
    await tx.query(
      `insert into emergency_access (emergency_id, organisation_id, user_id, patient_id, issuer_of_patient_id,
         reason_code, reason, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        emergencyId,
        principal.organisationId,
        principal.userId,
        patient.patientId,
        patient.issuerOfPatientId,
        request.reasonCode,
        request.reason,
        expiresAt,
      ],
    )
    await recordAudit(tx, principal, {
      event: 'security-alert',
      outcome: 'success',
      detail: {
        change: 'emergency-started',
        emergency: emergencyId,
        reason: request.reasonCode,
        minutes,
        studies: patient.studies,
      },
    })
    await tellEmergency(tx, principal.organisationId, principal.userId)
  })
  await publishRegistry(pacs)
  return emergencyId
}

async function requireEnabled(pacs: Pacs, principal: Person): Promise<{ minutes: number }> {
  const settings = await emergencySettings(pacs.database, principal.organisationId)
  if (settings.enabled) return settings
  throw new YunyingError(
    'forbidden',
    'emergency-off',
    'Emergency access is switched off here. Ask an administrator.',
  )
}

function theOne(patients: readonly HiddenPatient[], issuer: string): HiddenPatient {
  const [patient, another] = patients.filter((each) => each.issuerOfPatientId === issuer)
  if (patient === undefined)
    throw notFound('emergency-patient-not-found', 'No study that you cannot read has this identifier.')
  if (another === undefined) return patient
  throw new YunyingError(
    'conflict',
    'emergency-patient-ambiguous',
    'More than one patient has this number. Search by the patient ID.',
  )
}
