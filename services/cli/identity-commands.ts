import { ROLES, type Principal, type Role } from '../../core/access/principal.ts'
import { YunyingError } from '../../core/errors.ts'
import { createUser, resetPassword } from '../../core/identity/administer-users.ts'
import { createApiToken, revokeApiTokens } from '../../core/identity/api-token.ts'
import { getUserByEmail } from '../../core/identity/user-table.ts'
import type { Command } from './command.ts'
import { operatorOf } from './operator.ts'

export const identityCommands: readonly Command[] = [
  // Before `token`, whose word it begins with.
  {
    words: ['token', 'revoke'],
    usage: 'token revoke --user EMAIL',
    purpose: 'Ends all bearer tokens of this user; prints how many there were.',
    options: ['user'],
    required: ['user'],
    run: async (pacs, options) => {
      const user = await getUserByEmail(pacs.database, options['user'] ?? '')
      return String(await revokeApiTokens(pacs, user))
    },
  },
  {
    words: ['token'],
    usage: 'token --user EMAIL [--days N]',
    purpose: 'A bearer token for this user (shown once).',
    options: ['user', 'days'],
    required: ['user'],
    run: async (pacs, options) => {
      const user = await getUserByEmail(pacs.database, options['user'] ?? '')
      return createApiToken(pacs, user, { label: 'command line', days: positiveNumber(options['days']) })
    },
  },
  {
    words: ['user', 'add'],
    usage: 'user add --email E --role R[,R] [--organisation O] [--password P] [--name N]',
    purpose: `A new user; prints the one-time password unless one is given. Roles: ${ROLES.join(', ')}.`,
    options: ['email', 'role', 'organisation', 'password', 'name'],
    required: ['email', 'role'],
    run: async (pacs, options) => {
      const principal = await operatorOf(pacs, options['organisation'])
      const { oneTimePassword } = await createUser(pacs, principal, {
        email: options['email'] ?? '',
        displayName: options['name'] ?? '',
        roles: parseRoles(options['role'] ?? ''),
        password: options['password'],
      })
      return oneTimePassword ?? options['email'] ?? ''
    },
  },
  {
    words: ['user', 'password'],
    usage: 'user password --email E [--password P]',
    purpose: 'A new password for a user; prints a one-time password unless one is given.',
    options: ['email', 'password'],
    required: ['email'],
    run: async (pacs, options) => {
      const user = await getUserByEmail(pacs.database, options['email'] ?? '')
      const operator: Principal = {
        kind: 'system',
        organisationId: user.organisation_id,
        reason: 'command-line',
      }
      return (await resetPassword(pacs, operator, user, options['password'])) ?? user.email
    },
  },
]

function parseRoles(text: string): Role[] {
  const roles = text.split(',').map((role) => role.trim())
  const wrong = roles.filter((role) => !ROLES.some((known) => known === role))
  if (wrong.length > 0) {
    throw new YunyingError(
      'invalid',
      'usage',
      `There is no role ${wrong.join(', ')}. Roles: ${ROLES.join(', ')}.`,
    )
  }
  return roles as Role[]
}

function positiveNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value > 0)) throw new YunyingError('invalid', 'usage', `${text} is not a number above 0.`)
  return value
}
