import { referrerForms } from '../access/referrer-forms.ts'
import type { Principal, ReadingRule, ShareAccess } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'
import type { ShareRight } from '../contract/share-rights.ts'
import { watermarkOf } from '../contract/watermark.ts'
import { DEFAULT_ORGANISATION } from '../organisations/organisation-table.ts'
import { actionsOf } from '../sharing/share-rights.ts'
import { hashSecretToken } from './secret-token.ts'
import { USUAL_SETTINGS } from './sign-in-settings.ts'
import type { UserRow } from './user-table.ts'

/** `last_seen_at` is written at most this often. */
const TOUCH_SECONDS = 60

/** The share link whose guest a session is of. */
export interface OpenedShare {
  readonly share_id: string
  readonly handle: string
  readonly rights: ShareRight[]
  readonly watermark: boolean
  readonly vault_id: string | null
  readonly study_instance_uid: string
  readonly expires_at: string
  /** Of the study that was shared. */
  readonly original_study_id: string
  readonly original_study_instance_uid: string
}

/** Whom a session's or an API token's bearer is, and what the organisation says of them. */
export interface TokenOwner {
  readonly user: UserRow
  readonly bySession: boolean
  readonly isOperator: boolean
  /** What of the owner's rights a token has; null: all of them. */
  readonly scope: readonly string[] | null
  /** A role of theirs needs a second factor, and this session was begun without one. */
  readonly needsSecondFactor: boolean
  /** When the owner last showed who they are, in this session. */
  readonly authenticatedAt: Date | null
  readonly ruledRoles: readonly string[]
  readonly rules: readonly ReadingRule[]
  readonly referrerNames: readonly string[]
  readonly share?: OpenedShare
}

interface Row extends UserRow {
  readonly by_session: boolean
  readonly actions: string[] | null
  readonly needs_second_factor: boolean
  readonly authenticated_at: Date | null
  readonly stale: boolean
  readonly kind: string
  readonly referrer_names: string[]
  readonly is_operator: boolean
  readonly ruled_roles: string[]
  readonly rules: ReadingRule[]
  readonly share: OpenedShare | null
}

/** Rules of a person's roles, of their groups and of their own that have not ended. */
const RULES_OF_USER = `coalesce((
    select jsonb_agg(jsonb_build_object('modalities', r.modalities, 'referrers', r.referrers, 'days', r.days))
    from access_rule r where r.organisation_id = u.organisation_id and (r.expires_at is null or r.expires_at > now())
      and (r.user_id = u.user_id or r.role = any(u.roles)
        or r.group_id in (select m.group_id from user_group_member m where m.user_id = u.user_id))), '[]')`

/** The share link of a guest, while it is open. The study is the vault's where there is one. */
const SHARE_OF_GUEST = `(select jsonb_build_object('share_id', l.share_id, 'handle', l.handle, 'rights', l.rights,
      'watermark', l.watermark, 'vault_id', l.vault_id, 'expires_at', l.expires_at, 'original_study_id', l.study_id,
      'original_study_instance_uid', (select s.study_instance_uid from study s where s.study_id = l.study_id),
      'study_instance_uid', (select s.study_instance_uid from study_grant g join study s using (study_id) where g.user_id = u.user_id limit 1))
    from share_link l where l.guest_id = u.user_id and l.revoked_at is null and l.expires_at > now())`

/** The owner, or undefined: unknown, expired, idle for too long, disabled, or a guest whose link is closed. */
export async function findTokenOwner(
  pacs: Pick<Pacs, 'database'>,
  token: string,
): Promise<TokenOwner | undefined> {
  const hash = hashSecretToken(token)
  const rows = await pacs.database.query<Row>(
    `select u.user_id, u.organisation_id, o.name as organisation_name, o.logo_key as organisation_logo_key, u.email, u.display_name,
       u.password_hash, u.must_change_password, u.roles, coalesce(u.language, o.language) as language, u.disabled_at,
       u.created_at, t.by_session, t.stale, t.actions, t.authenticated_at,
       o.organisation_id = (${DEFAULT_ORGANISATION}) as is_operator,
       u.kind, u.referrer_names, o.ruled_roles, ${RULES_OF_USER} as rules,
       coalesce(t.method in ('password', 'invitation') and u.roles && f.second_factor_roles, false) as needs_second_factor,
       case when u.kind = 'guest' then ${SHARE_OF_GUEST} end as share
     from (
       select user_id, true as by_session, last_seen_at < now() - make_interval(secs => ${TOUCH_SECONDS}) as stale,
         last_seen_at, created_at, method, authenticated_at, null::text[] as actions
         from session where token_hash = $1 and expires_at > now()
       union all
       select user_id, false, last_used_at is null or last_used_at < now() - make_interval(secs => ${TOUCH_SECONDS}),
         now(), now(), null, null, actions
         from api_token where token_hash = $1 and (expires_at is null or expires_at > now())
     ) t join app_user u using (user_id) join organisation o using (organisation_id)
       left join sign_in_settings f using (organisation_id)
     where u.disabled_at is null
       and t.last_seen_at > now() - make_interval(mins => coalesce(f.session_idle_minutes, ${USUAL_SETTINGS.sessionIdleMinutes}))
       and (u.kind <> 'person' or t.created_at > now() - make_interval(hours => coalesce(f.session_hours, ${USUAL_SETTINGS.sessionHours})))`,
    [hash],
    { name: 'find-token-owner' },
  )
  const row = rows[0]
  if (row === undefined || (row.kind === 'guest' && row.share === null)) return undefined
  if (row.stale) {
    await pacs.database.query(
      row.by_session
        ? 'update session set last_seen_at = now() where token_hash = $1'
        : 'update api_token set last_used_at = now() where token_hash = $1',
      [hash],
    )
  }
  return {
    user: row,
    bySession: row.by_session,
    isOperator: row.is_operator,
    scope: row.actions,
    needsSecondFactor: row.needs_second_factor,
    authenticatedAt: row.authenticated_at,
    ruledRoles: row.ruled_roles,
    rules: row.rules.map((rule) => ({ ...rule, referrers: rule.referrers.flatMap(referrerForms) })),
    referrerNames: row.referrer_names.flatMap(referrerForms),
    ...(row.share === null ? {} : { share: row.share }),
  }
}

/** The owner as who asks. A guest of a copy reads the vault that it is kept in, and nothing else. */
export function principalOf(owner: TokenOwner, address: string | undefined, now: number): Principal {
  const { user, share } = owner
  return {
    kind: 'user',
    userId: user.user_id,
    organisationId: share?.vault_id ?? user.organisation_id,
    roles: user.roles,
    isOperator: owner.isOperator,
    address,
    ruledRoles: owner.ruledRoles,
    rules: owner.rules,
    referrerNames: owner.referrerNames,
    mustChangePassword: owner.bySession && user.must_change_password,
    ...narrowed(owner),
    ...(share === undefined
      ? {}
      : {
          actions: actionsOf(share.rights),
          auditOrganisationId: user.organisation_id,
          share: shareAccess(share, user, now),
        }),
  }
}

/** What a token's scope leaves; nothing before a second factor that is needed. */
function narrowed({ needsSecondFactor, scope }: TokenOwner): { actions?: readonly string[] } {
  if (needsSecondFactor) return { actions: [] }
  return scope === null ? {} : { actions: scope }
}

const shareAccess = (share: OpenedShare, user: UserRow, now: number): ShareAccess => ({
  shareId: share.share_id,
  handle: share.handle,
  watermark: share.watermark ? watermarkOf(user.display_name, new Date(now)) : null,
  ...(share.vault_id === null
    ? {}
    : {
        original: {
          studyId: share.original_study_id,
          studyInstanceUid: share.original_study_instance_uid,
        },
      }),
})
