import type { Told } from '../contract/patient.ts'

/** A person of the record. */
export interface Somebody {
  readonly kind: string | null
  readonly roles: readonly string[] | null
  readonly display_name: string | null
}

/** What somebody is, where they are several things: what patients know best. */
const ROLES = ['radiologist', 'referring', 'reviewer', 'technician', 'administrator'] as const

/**
 * How a patient is told of a person: by their name where the organisation says names. Whom somebody gave a link to is said by
 * name always: the patient, or a person who treats them, wrote it there.
 */
export function told({ kind, roles, display_name }: Somebody, namesShown: boolean): Told {
  if (kind === 'guest') return { name: display_name, role: 'guest' }
  const name = namesShown && display_name !== null && display_name !== '' ? display_name : null
  return { name, role: ROLES.find((role) => roles?.includes(role) ?? false) ?? 'staff' }
}
