import { escapeXml } from '../dicom/native-xml.ts'
import { codesOf, type AuditCode, type EventCoding } from './audit-codes.ts'

/** An event of the record, with what its message says of the person and of the patient. */
export interface RecordedEvent {
  /** Its number in the record of the installation. */
  readonly id: number
  /** Its place in the chain of its organisation: 1, 2, 3 … without a gap. */
  readonly seq: number
  readonly organisationId: string
  /** UTC, microseconds: `2026-01-02T03:04:05.000006Z`. */
  readonly occurredAt: string
  readonly event: string
  readonly outcome: string
  readonly person: { readonly userId: string; readonly email: string; readonly displayName: string } | null
  readonly address: string | null
  readonly studyInstanceUid: string | null
  readonly patientId: string | null
  readonly issuerOfPatientId: string | null
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

/** Receivers take 32,768 octets at least (PS3.15 A.6); a list of series could be longer. Characters. */
const LONGEST_VALUE = 2_000

/**
 * The DICOM Audit Message of an event, as XML. Of the patient it holds the Patient ID and no name. Each message ends with an
 * object that is the record itself: its number, by which a receiver tells a repetition, and what else was noted, as base64.
 *
 * Source: PS3.15 A.5.1 (schema), A.5.2 (conventions), A.5.3 (who and what takes part in which event).
 */
export function auditMessage(entry: RecordedEvent, host: string): string {
  const coding = codesOf(entry)
  return `<?xml version="1.0" encoding="UTF-8"?>${element('AuditMessage', {}, [
    identification(entry, coding),
    ...participants(entry, host, coding),
    // 4: an application server.
    element(
      'AuditSourceIdentification',
      { AuditEnterpriseSiteID: entry.organisationId, AuditSourceID: `yunying@${host}` },
      [element('AuditSourceTypeCode', { 'csd-code': '4' })],
    ),
    ...objects(entry, coding),
  ])}`
}

function identification(entry: RecordedEvent, coding: EventCoding): string {
  const { reason } = entry.detail
  return element(
    'EventIdentification',
    {
      EventActionCode: coding.action,
      EventDateTime: entry.occurredAt,
      EventOutcomeIndicator: coding.outcome,
    },
    [
      code('EventID', coding.event),
      ...(coding.type === undefined ? [] : [code('EventTypeCode', coding.type)]),
      ...(coding.outcome === '0' || reason === undefined
        ? []
        : [`<EventOutcomeDescription>${escapeXml(String(reason))}</EventOutcomeDescription>`]),
    ],
  )
}

const SOURCE: AuditCode = { code: '110153', meaning: 'Source Role ID' }
const DESTINATION: AuditCode = { code: '110152', meaning: 'Destination Role ID' }
const MEDIA: AuditCode = { code: '110154', meaning: 'Destination Media' }
const BY_URI: AuditCode = { code: '110037', meaning: 'URI' }

/** What the person's side and the archive do in the event, where its table asks for it. */
const ROLES: Readonly<Record<string, { readonly person: AuditCode; readonly archive: AuditCode }>> = {
  stored: { person: SOURCE, archive: DESTINATION },
  sent: { person: DESTINATION, archive: SOURCE },
  query: { person: SOURCE, archive: DESTINATION },
  export: { person: SOURCE, archive: SOURCE },
}

function participants(entry: RecordedEvent, host: string, { event, action }: EventCoding): string[] {
  const isTransfer = entry.event === 'instances-transferred'
  const roles =
    ROLES[isTransfer ? (action === 'C' ? 'stored' : 'sent') : event.code === '110101' ? '' : entry.event]
  const { person } = entry
  const who = personOf(entry)
  return [
    participant({ ...who, isRequestor: person !== null, role: roles?.person }),
    participant({
      UserID: `yunying@${host}`,
      UserName: 'Yunying',
      network: { NetworkAccessPointID: host, NetworkAccessPointTypeCode: '1' },
      // Exactly one of them began it.
      isRequestor: person === null,
      role: roles?.archive,
    }),
    ...(roles === ROLES['export'] ? [destination(entry, who.network)] : []),
  ]
}

type Attributes = Readonly<Record<string, string>>

interface Participant {
  readonly UserID: string
  readonly UserName: string
  readonly network: Attributes
}

/** The person; of what nobody did, the part of the archive that did it; of a sign-in, who was claimed to come, from where. */
function personOf({ person, address, detail }: RecordedEvent): Participant {
  const from = address ?? (typeof detail['address'] === 'string' ? detail['address'] : undefined)
  const actor = String(detail['actor'] ?? 'unknown')
  return {
    UserID: person === null ? actor : person.email === '' ? person.userId : person.email,
    UserName: person === null ? actor : person.displayName,
    network: from === undefined ? {} : { NetworkAccessPointID: from, NetworkAccessPointTypeCode: '2' },
  }
}

function participant(given: Participant & { isRequestor: boolean; role: AuditCode | undefined }): string {
  const { UserID, UserName, network, isRequestor, role } = given
  return element(
    'ActiveParticipant',
    { UserID, ...(UserName === '' ? {} : { UserName }), UserIsRequestor: String(isRequestor), ...network },
    role === undefined ? [] : [code('RoleIDCode', role)],
  )
}

/** A.5.3.4: what it left by. A download, or the link that a copy without names was made for. */
function destination({ detail }: RecordedEvent, network: Attributes): string {
  const { share } = detail
  const UserID = share === undefined ? 'urn:yunying:download' : `urn:yunying:share:${String(share)}`
  return element('ActiveParticipant', { UserID, UserIsRequestor: 'false', ...network }, [
    code('RoleIDCode', MEDIA),
    `<MediaIdentifier>${code('MediaType', BY_URI)}</MediaIdentifier>`,
  ])
}

const STUDY: AuditCode = { code: '110180', meaning: 'Study Instance UID' }
/** Of RFC 3881, which these are named after. */
const PATIENT_NUMBER: AuditCode = { code: '2', meaning: 'Patient Number' }
const SEARCH_CRITERIA: AuditCode = { code: '10', meaning: 'Search Criteria' }
const URI: AuditCode = { code: '12', meaning: 'URI' }
const [PERSON, SYSTEM] = ['1', '2']
const [PATIENT, REPORT, SECURITY_RESOURCE, QUERY] = ['1', '3', '13', '24']

function objects(entry: RecordedEvent, { event }: EventCoding): string[] {
  const made: string[] = []
  const { studyInstanceUid: study, organisationId } = entry
  if (study !== null) made.push(object(STUDY, study, study, { type: SYSTEM, role: REPORT }))
  const patient = patientOf(entry)
  if (patient !== undefined)
    made.push(object(PATIENT_NUMBER, patient, patient, { type: PERSON, role: PATIENT }))
  if (entry.event === 'query') made.push(query(entry))
  if (event.code === '110101') {
    const log = `urn:yunying:audit:organisation:${organisationId}`
    made.push(object(URI, log, 'Security Audit Log', { type: SYSTEM, role: SECURITY_RESOURCE }))
  }
  return [...made, theRecord(entry, event)]
}

/** Tables A.5.3.4, .6 and .7 want a patient, also of a study that is not here. */
function patientOf({ event, patientId, issuerOfPatientId }: RecordedEvent): string | undefined {
  const isAsked = ['instances-accessed', 'instances-transferred', 'study-deleted'].includes(event)
  if (patientId === null || patientId === '') return isAsked ? 'unknown' : undefined
  // As HL7 writes an identifier with who gave it (CX).
  return issuerOfPatientId === null || issuerOfPatientId === ''
    ? patientId
    : `${patientId}^^^${issuerOfPatientId}`
}

/** A.5.3.10: what was asked for is not in the record; only of what kind it was. */
function query({ detail }: RecordedEvent): string {
  const asked = String(detail['level'] ?? detail['what'] ?? 'search')
  return element(
    'ParticipantObjectIdentification',
    { ParticipantObjectID: asked, ParticipantObjectTypeCode: SYSTEM, ParticipantObjectTypeCodeRole: QUERY },
    [
      code('ParticipantObjectIDTypeCode', SEARCH_CRITERIA, 'RFC-3881'),
      `<ParticipantObjectQuery>${base64(`level=${asked}`)}</ParticipantObjectQuery>`,
    ],
  )
}

/** Of an alert it is the subject too, which has a description (A.5.3.11). */
function theRecord(entry: RecordedEvent, event: AuditCode): string {
  const { detail } = entry
  const alert = String(detail['change'] ?? detail['action'] ?? detail['reason'] ?? entry.event)
  return object(
    URI,
    `urn:yunying:audit:${entry.id}`,
    'Audit Record',
    { type: SYSTEM, role: SECURITY_RESOURCE },
    {
      ...(event.code === '110113' ? { 'Alert Description': alert } : {}),
      'Chain Position': entry.seq,
      ...detail,
    },
  )
}

function object(
  idType: AuditCode,
  id: string,
  name: string,
  { type, role }: { type: string; role: string },
  details: RecordedEvent['detail'] = {},
): string {
  return element(
    'ParticipantObjectIdentification',
    { ParticipantObjectID: id, ParticipantObjectTypeCode: type, ParticipantObjectTypeCodeRole: role },
    [
      code('ParticipantObjectIDTypeCode', idType, idType === STUDY ? 'DCM' : 'RFC-3881'),
      `<ParticipantObjectName>${escapeXml(name)}</ParticipantObjectName>`,
      ...Object.entries(details).map(([key, value]) =>
        element('ParticipantObjectDetail', {
          type: key,
          value: base64(String(value).slice(0, LONGEST_VALUE)),
        }),
      ),
    ],
  )
}

const code = (name: string, { code: value, meaning }: AuditCode, scheme = 'DCM'): string =>
  element(name, { 'csd-code': value, codeSystemName: scheme, displayName: meaning, originalText: meaning })

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}
