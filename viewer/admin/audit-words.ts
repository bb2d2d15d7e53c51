import type { z } from 'zod'
import { AuditEvent, type AuditEntryView } from '../../core/contract/api.ts'
import { ACTIONS } from '../../core/access/policy.ts'
import { ROLES } from '../../core/access/principal.ts'
import type { useTexts } from '../locales/texts-context.tsx'

type Entry = z.infer<typeof AuditEntryView>
type Translate = ReturnType<typeof useTexts>['t']

/** What can be said to have changed, in words of its own. */
const CHANGES = [
  'signed-out',
  'user-created',
  'user-changed',
  'user-linked',
  'password-changed',
  'password-reset',
  'codes-added',
  'codes-removed',
  'recovery-codes-renewed',
  'second-factor-reset',
  'passkey-added',
  'passkey-removed',
  'token-created',
  'tokens-revoked',
  'sessions-ended',
  'referrer-names',
  'invited',
  'invitation-renewed',
  'invitation-revoked',
  'invitation-accepted',
  'rule-added',
  'rule-removed',
  'ruled-roles',
  'group-kept',
  'group-removed',
  'sign-in-settings-changed',
  'provider-added',
  'provider-changed',
  'provider-enabled',
  'provider-disabled',
  'provider-removed',
  'retention-rule-made',
  'retention-rule-changed',
  'retention-rule-enabled',
  'retention-rule-disabled',
  'retention-rule-deleted',
  'study-held',
  'patient-held',
  'hold-lifted',
  'share-created',
  'share-revoked',
  'share-code-renewed',
  'study-granted',
  'study-grant-revoked',
  'patient-slip-issued',
  'patient-slip-revoked',
  'patient-settings',
  'emergency-started',
  'emergency-stopped',
  'emergency-reviewed',
  'emergency-settings',
  'organisation-created',
  'organisation-changed',
  'reading-settings-changed',
  'quarantined',
  'quarantine-compared',
  'quarantine-downloaded',
  'quarantine-discarded',
] as const
const REASONS = [
  'password-wrong',
  'account-disabled',
  'account-unknown',
  'second-factor-wrong',
  'proof-wrong',
  'no-role',
] as const
const METHODS = ['password', 'password+code', 'passkey', 'provider', 'invitation', 'link', 'slip'] as const
const SOURCES = ['stow-rs', 'upload', 'c-store', 'sample', 'command-line', 'report', 'share'] as const
const CAUSES = ['retention', 'by-hand'] as const
const LEVELS = ['study', 'series', 'instance'] as const

/** The code, where there are words for it. */
const oneOf = <Code extends string>(codes: readonly Code[], value: unknown): Code | undefined =>
  codes.find((code) => code === value)

/** Who did what no account did. */
export function actorOf({ detail }: Entry, t: Translate): string {
  const actor = oneOf(['command-line', 'sign-in'] as const, detail['actor'])
  return actor === undefined ? t('admin.audit.archive-itself') : t(`admin.audit.actor.${actor}`)
}

/** What was done, in a few words. */
export function deedOf({ event, outcome, detail }: Entry, t: Translate): string {
  const change = oneOf(CHANGES, detail['change'] ?? detail['action'])
  if (change !== undefined) return t(`admin.audit.change.${change}`)
  const hanging = String(detail['change'] ?? '').startsWith('hanging-protocol')
  if (hanging) return t('admin.audit.change.hanging-protocol')
  const action = oneOf(ACTIONS, detail['action'])
  if (outcome === 'denied' && action !== undefined) return t(`people.action.${action}`)
  if (event === 'export' && detail['what'] === 'audit') return t('admin.audit.exported-trail')
  const isStored = event === 'instances-transferred' && detail['action'] === 'stored'
  if (event === 'instances-transferred') return t(isStored ? 'admin.audit.stored' : 'admin.audit.sent')
  if (event === 'user-authentication') return t('admin.audit.signed-in')
  const name = oneOf(AuditEvent.options, event)
  return name === undefined ? event : t(`admin.audit.event.${name}`)
}

/** Said by the deed, by who did it, or by whom it concerns. */
const SAID = ['change', 'action', 'actor', 'address', 'what', 'subject', 'series']
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What else was noted: in words where there are some, else as it was noted. Ids are for the exports. */
export function notesOf({ event, detail }: Entry, t: Translate): string {
  const images = Number(detail['count'] ?? detail['instances'])
  const isOfImages = /^(instances-transferred|export)$/.test(event) && Number.isFinite(images)
  const notes = isOfImages ? [t('admin.audit.images', { count: images })] : []
  for (const [name, value] of Object.entries(detail)) {
    if (SAID.includes(name) || ID.test(String(value))) continue
    if (isOfImages && (name === 'count' || name === 'instances')) continue
    notes.push(note(name, value, t))
  }
  return notes.filter((text) => text !== '').join(' · ')
}

function note(name: string, value: string | number | boolean, t: Translate): string {
  if (name === 'roles') {
    const named = String(value)
      .split(',')
      .map((role) => oneOf(ROLES, role))
    if (named.every((role) => role !== undefined))
      return named.map((role) => t(`shell.role.${role}`)).join(t('admin.audit.between'))
  }
  const reason = name === 'reason' ? oneOf(REASONS, value) : undefined
  if (reason !== undefined) return t(`admin.audit.reason.${reason}`)
  const method = name === 'method' ? oneOf(METHODS, value) : undefined
  if (method !== undefined) return t(`admin.audit.method.${method}`)
  const source = name === 'source' ? oneOf(SOURCES, value) : undefined
  if (source !== undefined) return t(`admin.audit.source.${source}`)
  const cause = name === 'cause' ? oneOf(CAUSES, value) : undefined
  if (cause !== undefined) return t(`admin.audit.cause.${cause}`)
  const level = name === 'level' ? oneOf(LEVELS, value) : undefined
  if (level !== undefined) return t(`admin.audit.level.${level}`)
  if (name === 'format') return String(value).toUpperCase()
  if (name === 'found') return t('admin.audit.found', { count: Number(value) })
  // Whoever opens a study did so for a purpose that the deed says.
  if (name === 'purpose' && value === 'opening') return ''
  if (name === 'purpose' && value === 'prefetch') return t('admin.audit.prefetch')
  return `${name}: ${String(value)}`
}
