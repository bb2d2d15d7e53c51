/** What is recorded, named after the event identifiers of PS3.15 A.5 (DCM 110103, 110104, 110112, 110114 …). */
export const AUDIT_EVENTS = [
  'instances-accessed',
  'instances-transferred',
  'study-deleted',
  'query',
  'user-authentication',
  'security-alert',
  'configuration-changed',
  'audit-log-used',
  'export',
] as const
export type AuditEventName = (typeof AUDIT_EVENTS)[number]
