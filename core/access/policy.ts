import type { Role } from './principal.ts'

/** Everything a person can be allowed to do. One word a decision; routes name one of these. */
export const ACTIONS = [
  'study.read.organisation',
  'study.read.granted',
  'study.read.uploaded-today',
  'study.download',
  'study.grant',
  'instance.store',
  'measurement.save',
  'image.export',
  'hanging.share',
  'work.read',
  'work.retry',
  'quarantine.read',
  'quarantine.decide',
  'user.manage',
  'audit.read',
  'metrics.read',
  'sample.load',
] as const
export type Action = (typeof ACTIONS)[number]

/** The page of rules. What is not written here is denied. */
const RULES: Record<Role, readonly Action[]> = {
  administrator: [
    'study.read.organisation',
    'study.download',
    'study.grant',
    'instance.store',
    'measurement.save',
    'image.export',
    'hanging.share',
    'work.read',
    'work.retry',
    'quarantine.read',
    'quarantine.decide',
    'user.manage',
    'audit.read',
    'metrics.read',
    'sample.load',
  ],
  technician: ['study.read.uploaded-today', 'study.download', 'instance.store', 'image.export'],
  radiologist: [
    'study.read.organisation',
    'study.download',
    'instance.store',
    'measurement.save',
    'image.export',
    'hanging.share',
  ],
  reviewer: ['study.read.granted', 'measurement.save', 'image.export'],
  auditor: ['audit.read'],
}

/** Whether one of the roles allows the action. */
export function roleCan(roles: readonly Role[], action: Action): boolean {
  return roles.some((role) => RULES[role]?.includes(action) ?? false)
}
