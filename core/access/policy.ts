import type { Principal, Role } from './principal.ts'

/** Everything a person can be allowed to do. One word a decision; routes name one of these. */
export const ACTIONS = [
  'study.read.organisation',
  'study.read.granted',
  'study.read.uploaded-today',
  'study.read.referred',
  'study.read.own',
  'study.read.emergency',
  'study.download',
  'study.grant',
  'study.share',
  'instance.retrieve',
  'instance.store',
  'annotation.save',
  'measurement.save',
  'image.export',
  'hanging.share',
  'work.read',
  'work.retry',
  'quarantine.read',
  'quarantine.decide',
  'user.manage',
  'access.manage',
  'emergency.request',
  'emergency.review',
  'patient.slip',
  'audit.read',
  'metrics.read',
  'sample.load',
  'retention.manage',
  'organisation.change',
  'organisation.manage',
] as const
export type Action = (typeof ACTIONS)[number]

/** The page of rules. What is not written here is denied. */
export const RULES: Readonly<Record<Role, readonly Action[]>> = {
  administrator: [
    'study.read.organisation',
    'study.read.granted',
    'study.download',
    'study.grant',
    'study.share',
    'instance.retrieve',
    'instance.store',
    'annotation.save',
    'measurement.save',
    'image.export',
    'hanging.share',
    'work.read',
    'work.retry',
    'quarantine.read',
    'quarantine.decide',
    'user.manage',
    'access.manage',
    'emergency.review',
    'patient.slip',
    'audit.read',
    'metrics.read',
    'sample.load',
    'retention.manage',
    'organisation.change',
    'organisation.manage',
  ],
  technician: [
    'study.read.uploaded-today',
    'study.download',
    'instance.retrieve',
    'instance.store',
    'image.export',
    'patient.slip',
  ],
  radiologist: [
    'study.read.organisation',
    'study.read.granted',
    'study.read.emergency',
    'study.download',
    'study.share',
    'instance.retrieve',
    'instance.store',
    'annotation.save',
    'measurement.save',
    'image.export',
    'hanging.share',
    'emergency.request',
    'patient.slip',
  ],
  referring: [
    'study.read.referred',
    'study.read.granted',
    'study.read.emergency',
    'study.download',
    'study.share',
    'instance.retrieve',
    'image.export',
    'emergency.request',
  ],
  reviewer: [
    'study.read.granted',
    'instance.retrieve',
    'annotation.save',
    'measurement.save',
    'image.export',
  ],
  auditor: ['audit.read'],
  // Narrowed by the rights of the link.
  guest: [
    'study.read.granted',
    'study.download',
    'instance.retrieve',
    'annotation.save',
    'measurement.save',
    'image.export',
  ],
  patient: ['study.read.own', 'study.download', 'study.share', 'instance.retrieve', 'image.export'],
}

/** Whether one of the roles allows the action. */
export function roleCan(roles: readonly Role[], action: Action): boolean {
  return roles.some((role) => RULES[role]?.includes(action) ?? false)
}

/** Whether this principal may do it: the one question of every door. The archive itself may do everything. */
export function principalCan(principal: Principal, action: Action): boolean {
  if (principal.kind === 'system') return true
  if (principal.mustChangePassword === true) return false
  if (action === 'organisation.manage' && principal.isOperator !== true) return false
  return isLeft(principal, action) && roleCan(principal.roles, action)
}

/** Whether a token's scope or a link's rights leave the action, whatever the roles say. */
const isLeft = (principal: Principal & { kind: 'user' }, action: Action): boolean =>
  principal.actions?.includes(action) ?? true

/** Whether the principal reads all of the organisation: by a role that no rules of the organisation have narrowed. */
export function readsEverything(principal: Principal): boolean {
  if (principal.kind === 'system') return true
  const roles = principal.roles.filter((role) => !(principal.ruledRoles?.includes(role) ?? false))
  return principalCan({ ...principal, roles }, 'study.read.organisation')
}
