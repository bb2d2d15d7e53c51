import type { AuditEventName } from './audit-events.ts'

/** A coded concept of the scheme DCM. */
export interface AuditCode {
  readonly code: string
  readonly meaning: string
}

/** What of an event decides how it is coded. */
export interface CodedEvent {
  readonly event: string
  readonly outcome: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

/** How an event is coded, alike in FHIR and in the DICOM Audit Message. */
export interface EventCoding {
  /** EventID, PS3.16 CID 400. */
  readonly event: AuditCode
  /** EventTypeCode, CID 401; where the table of the event asks for one, there is one. */
  readonly type: AuditCode | undefined
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E'
  /** EventOutcomeIndicator. A refusal is a minor failure: nothing happened. */
  readonly outcome: '0' | '4' | '8'
}

const coded = (code: string, meaning: string): AuditCode => ({ code, meaning })

const AUDIT_LOG_USED = coded('110101', 'Audit Log Used')
const SECURITY_ALERT = coded('110113', 'Security Alert')

/** Event identifiers of PS3.15 A.5.3. A changed configuration is an alert there; Application Activity is for starts and stops. */
const EVENTS: Readonly<Record<AuditEventName, AuditCode>> = {
  'instances-accessed': coded('110103', 'DICOM Instances Accessed'),
  'instances-transferred': coded('110104', 'DICOM Instances Transferred'),
  'study-deleted': coded('110105', 'DICOM Study Deleted'),
  query: coded('110112', 'Query'),
  'user-authentication': coded('110114', 'User Authentication'),
  'security-alert': SECURITY_ALERT,
  'configuration-changed': SECURITY_ALERT,
  'audit-log-used': AUDIT_LOG_USED,
  export: coded('110106', 'Export'),
}

const LOGIN = coded('110122', 'Login')
const LOGOUT = coded('110123', 'Logout')
const SECURITY_CONFIGURATION = coded('110129', 'Security Configuration')
const RESTRICTED_FUNCTION = coded('110132', 'Use of Restricted Function')
const OBJECT_SECURITY = coded('110135', 'Object Security Attributes Changed')

/** Types of alerts by how what was changed is called, the first that fits (PS3.16 CID 403). */
const ALERT_TYPES: readonly (readonly [RegExp, AuditCode])[] = [
  [/^emergency-started$/, coded('110127', 'Emergency Override Started')],
  [/^emergency-stopped$/, coded('110138', 'Emergency Override Stopped')],
  [
    /^(user|password|token|session|second-factor|codes|passkey|recovery|invit|referrer)/,
    coded('110137', 'User security Attributes Changed'),
  ],
  [/^(rule|group)/, coded('110136', 'Security Roles Changed')],
  [/^(share|study-grant|patient-slip|quarantine)/, OBJECT_SECURITY],
  [/^(hanging|reading-settings|organisation)/, coded('110131', 'Software Configuration')],
]

/** The codes of an event. Source: PS3.15 A.5.1 and the tables of A.5.3. */
export function codesOf({ event, outcome, detail }: CodedEvent): EventCoding {
  const name = event as AuditEventName
  const isOfTheLog = name === 'export' && detail['what'] === 'audit'
  const id = isOfTheLog ? AUDIT_LOG_USED : (EVENTS[name] ?? SECURITY_ALERT)
  return {
    event: id,
    type: typeOf(name, id, outcome, detail),
    action: id === AUDIT_LOG_USED ? 'R' : actionOf(name, detail),
    outcome: outcome === 'success' ? '0' : outcome === 'denied' ? '4' : '8',
  }
}

function typeOf(
  name: AuditEventName,
  id: AuditCode,
  outcome: string,
  detail: CodedEvent['detail'],
): AuditCode | undefined {
  if (id === SECURITY_ALERT) return alertType(outcome, detail)
  if (name !== 'user-authentication') return undefined
  return detail['change'] === 'signed-out' ? LOGOUT : LOGIN
}

function alertType(outcome: string, detail: CodedEvent['detail']): AuditCode {
  if (outcome === 'denied') return RESTRICTED_FUNCTION
  const changed = String(detail['change'] ?? detail['action'] ?? '')
  return ALERT_TYPES.find(([pattern]) => pattern.test(changed))?.[1] ?? SECURITY_CONFIGURATION
}

function actionOf(name: AuditEventName, detail: CodedEvent['detail']): EventCoding['action'] {
  if (name === 'study-deleted') return 'D'
  if (name === 'instances-transferred') return detail['action'] === 'stored' ? 'C' : 'R'
  return name === 'instances-accessed' || name === 'export' ? 'R' : 'E'
}
