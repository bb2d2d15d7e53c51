import type { AuditEventName } from './audit-events.ts'

/** A coded concept. */
export interface AuditCode {
  readonly code: string
  readonly meaning: string
}

/** Event identifiers of PS3.15 A.5.3 (CID 400, coding scheme DCM). */
export const EVENT_CODES: Readonly<Record<AuditEventName, AuditCode>> = {
  'instances-accessed': { code: '110103', meaning: 'DICOM Instances Accessed' },
  'instances-transferred': { code: '110104', meaning: 'DICOM Instances Transferred' },
  'study-deleted': { code: '110105', meaning: 'DICOM Study Deleted' },
  query: { code: '110112', meaning: 'Query' },
  'user-authentication': { code: '110114', meaning: 'User Authentication' },
  'security-alert': { code: '110113', meaning: 'Security Alert' },
  'configuration-changed': { code: '110100', meaning: 'Application Activity' },
  'audit-log-used': { code: '110101', meaning: 'Audit Log Used' },
  export: { code: '110106', meaning: 'Export' },
}

/** Event types by what an event says has changed: Security Alert Type Codes (PS3.16 CID 403). */
export const TYPE_CODES: Readonly<Record<string, AuditCode>> = {
  'emergency-started': { code: '110127', meaning: 'Emergency Override Started' },
  'emergency-stopped': { code: '110138', meaning: 'Emergency Override Stopped' },
}

/** EventActionCode, PS3.15 A.5.1: what was done. */
export const ACTION_CODES: Readonly<Record<AuditEventName, 'C' | 'R' | 'U' | 'D' | 'E'>> = {
  'instances-accessed': 'R',
  'instances-transferred': 'R',
  'study-deleted': 'D',
  query: 'E',
  'user-authentication': 'E',
  'security-alert': 'E',
  'configuration-changed': 'U',
  'audit-log-used': 'R',
  export: 'R',
}

/** EventOutcomeIndicator, PS3.15 A.5.1. A refusal is a minor failure: nothing happened. */
export const OUTCOME_CODES: Readonly<Record<string, '0' | '4' | '8'>> = {
  success: '0',
  denied: '4',
  failure: '8',
}
