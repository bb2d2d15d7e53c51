import { readFile } from 'node:fs/promises'
import { ROLES, type PersonRole } from '../../core/access/principal.ts'
import { invalid } from '../../core/errors.ts'
import { addProvider, listProviders, removeProvider } from '../../core/identity/identity-providers.ts'
import type { Command } from './command.ts'
import { operatorOf } from './operator.ts'

export const providerCommands: readonly Command[] = [
  {
    words: ['oidc', 'add'],
    usage:
      'oidc add --name N --issuer URL --client-id I [--client-secret-file F] [--group-claim C --group-roles G=R[,G=R]] [--create yes] [--listed no] [--scope S] [--organisation O]',
    purpose: 'Lets people sign in with an OpenID Connect provider; prints its id.',
    options: [
      'name',
      'issuer',
      'client-id',
      'client-secret-file',
      'group-claim',
      'group-roles',
      'create',
      'listed',
      'scope',
      'organisation',
    ],
    required: ['name', 'issuer', 'client-id'],
    run: async (pacs, options) => {
      const file = options['client-secret-file']
      return addProvider(pacs, await operatorOf(pacs, options['organisation']), {
        name: options['name'] ?? '',
        issuer: options['issuer'] ?? '',
        clientId: options['client-id'] ?? '',
        clientSecret: file === undefined ? undefined : (await readFile(file, 'utf8')).trim(),
        scope: options['scope'],
        groupClaim: options['group-claim'],
        groupRoles: parseGroupRoles(options['group-roles'] ?? ''),
        createsPeople: options['create'] === 'yes',
        listed: options['listed'] !== 'no',
      })
    },
  },
  {
    words: ['oidc', 'list'],
    usage: 'oidc list [--organisation O]',
    purpose: 'Providers that people sign in with: id, name, issuer.',
    options: ['organisation'],
    run: async (pacs, options) => {
      const { organisationId } = await operatorOf(pacs, options['organisation'])
      const providers = await listProviders(pacs.database, organisationId)
      return providers.map(({ provider_id, name, issuer }) => `${provider_id}  ${name}  ${issuer}`).join('\n')
    },
  },
  {
    words: ['oidc', 'remove'],
    usage: 'oidc remove --provider ID [--organisation O]',
    purpose: 'Nobody signs in with this provider any more; accounts stay.',
    options: ['provider', 'organisation'],
    required: ['provider'],
    run: async (pacs, options) => {
      await removeProvider(pacs, await operatorOf(pacs, options['organisation']), options['provider'] ?? '')
      return options['provider'] ?? ''
    },
  },
]

/** `doctors=radiologist,it=administrator`. Errors: 'invalid' code 'usage'. */
function parseGroupRoles(text: string): { group: string; role: PersonRole }[] {
  return text
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [group = '', name] = pair.split('=').map((part) => part.trim())
      const role = ROLES.find((known) => known === name)
      if (role === undefined || group === '')
        throw invalid('usage', `${pair} is not GROUP=ROLE. Roles: ${ROLES.join(', ')}.`)
      return { group, role }
    })
}
