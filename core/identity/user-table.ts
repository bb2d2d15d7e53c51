import { randomUUID } from 'node:crypto'
import type { Role } from '../access/principal.ts'
import { UniqueViolation, type Queryable } from '../ports/database.ts'
import { YunyingError, notFound } from '../errors.ts'

export interface UserRow {
  readonly user_id: string
  readonly organisation_id: string
  readonly organisation_name: string
  readonly organisation_logo_key: string | null
  readonly email: string
  readonly display_name: string
  readonly password_hash: string | null
  readonly must_change_password: boolean
  readonly roles: Role[]
  readonly language: string | null
  readonly disabled_at: Date | null
  readonly created_at: Date
}

const SELECT = `select u.user_id, u.organisation_id, o.name as organisation_name,
  o.logo_key as organisation_logo_key, u.email, u.display_name, u.password_hash,
  u.must_change_password, u.roles, u.language, u.disabled_at, u.created_at
  from app_user u join organisation o using (organisation_id)`

export async function findUserByEmail(database: Queryable, email: string): Promise<UserRow | undefined> {
  const rows = await database.query<UserRow>(
    `${SELECT} where u.kind = 'person' and lower(u.email) = lower($1)`,
    [email],
  )
  return rows[0]
}

/** A user of whatever organisation, by what they have shown. */
export async function findUserById(database: Queryable, userId: string): Promise<UserRow | undefined> {
  const rows = await database.query<UserRow>(`${SELECT} where u.user_id = $1`, [userId])
  return rows[0]
}

export async function getUserByEmail(database: Queryable, email: string): Promise<UserRow> {
  const user = await findUserByEmail(database, email)
  if (user === undefined) throw notFound('user-not-found', 'There is no user with this e-mail address.')
  return user
}

/** A person of this organisation, no guest and no patient. Errors: 'not-found' code 'user-not-found', also for a user of another organisation. */
export async function getUser(database: Queryable, organisationId: string, userId: string): Promise<UserRow> {
  const rows = await database.query<UserRow>(
    `${SELECT} where u.kind = 'person' and u.organisation_id = $1 and u.user_id::text = $2`,
    [organisationId, userId],
  )
  if (rows[0] === undefined) throw notFound('user-not-found', 'There is no such user in this organisation.')
  return rows[0]
}

export async function listUsers(database: Queryable, organisationId: string): Promise<UserRow[]> {
  return database.query<UserRow>(
    `${SELECT} where u.kind = 'person' and u.organisation_id = $1 order by lower(u.email)`,
    [organisationId],
  )
}

export interface NewUser {
  readonly organisationId: string
  readonly email: string
  readonly displayName: string
  readonly roles: readonly Role[]
  readonly passwordHash: string | null
  readonly mustChangePassword: boolean
  /** A person unless said: only they sign in by an address. */
  readonly kind?: 'person' | 'guest' | 'patient'
}

/** The new user's id. Errors: 'conflict' code 'user-exists'. */
export async function insertUser(database: Queryable, user: NewUser): Promise<string> {
  const userId = randomUUID()
  try {
    await database.query(
      `insert into app_user (user_id, organisation_id, email, display_name, roles, password_hash, must_change_password, kind)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        userId,
        user.organisationId,
        user.email,
        user.displayName,
        user.roles,
        user.passwordHash,
        user.mustChangePassword,
        user.kind ?? 'person',
      ],
    )
  } catch (error) {
    if (error instanceof UniqueViolation) {
      throw new YunyingError('conflict', 'user-exists', 'This e-mail address already has an account.', {
        cause: error,
      })
    }
    throw error
  }
  return userId
}

/** Sets what is given and tells every process to forget what it knew about the user. */
export async function updateUser(
  database: Queryable,
  userId: string,
  change: {
    roles?: readonly Role[] | undefined
    disabled?: boolean | undefined
    passwordHash?: string
    mustChangePassword?: boolean
    language?: string
  },
): Promise<void> {
  await database.query(
    `update app_user set
       roles = coalesce($2, roles),
       disabled_at = case when $3::boolean is null then disabled_at when $3 then now() else null end,
       password_hash = coalesce($4, password_hash),
       must_change_password = coalesce($5, must_change_password),
       language = coalesce($6, language)
     where user_id = $1`,
    [
      userId,
      change.roles ?? null,
      change.disabled ?? null,
      change.passwordHash ?? null,
      change.mustChangePassword ?? null,
      change.language ?? null,
    ],
  )
  await database.query(`select pg_notify('access_changed', $1)`, [userId])
}
