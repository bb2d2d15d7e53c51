import type { Principal } from '../../core/access/principal.ts'
import { ManageOrganisation } from '../../core/contract/organisations.ts'
import { notFound, YunyingError } from '../../core/errors.ts'
import { changeOrganisation } from '../../core/organisations/change-organisation.ts'
import { createOrganisation } from '../../core/organisations/create-organisation.ts'
import { DEFAULT_ORGANISATION, listOrganisations } from '../../core/organisations/organisation-table.ts'
import { readStorageRoom } from '../../core/organisations/storage-room.ts'
import type { Pacs } from '../../core/pacs.ts'
import type { Command, CommandOptions } from './command.ts'

const SETTINGS = '[--ae-title A] [--quota BYTES|none] [--time-zone Z] [--language en|zh-CN]'
const SETTING_OPTIONS = ['ae-title', 'quota', 'time-zone', 'language']

export const organisationCommands: readonly Command[] = [
  {
    words: ['organisation', 'add'],
    usage: `organisation add --name O ${SETTINGS} [--admin-email E]`,
    purpose:
      'A new organisation, apart from all others; prints its id, and the one-time password of its administrator on standard error.',
    options: ['name', ...SETTING_OPTIONS, 'admin-email'],
    required: ['name'],
    run: async (pacs, options) => {
      const {
        name = '',
        aeTitle = null,
        timeZone = 'UTC',
        language = null,
        quotaBytes = null,
      } = settings(options)
      const adminEmail = options['admin-email']
      const { organisationId, oneTimePassword } = await createOrganisation(pacs, await operator(pacs), {
        ...{ name, aeTitle, timeZone, language, quotaBytes },
        adminEmail,
      })
      if (oneTimePassword !== undefined)
        process.stderr.write(`Administrator: ${adminEmail}, one-time password: ${oneTimePassword}\n`)
      return organisationId
    },
  },
  {
    words: ['organisation', 'list'],
    usage: 'organisation list',
    purpose: 'Every organisation with its settings and how much it has, as JSON.',
    options: [],
    run: async (pacs) => {
      const rows = await listOrganisations(pacs.database)
      const listed = []
      for (const row of rows) {
        const { keptBytes } = await readStorageRoom(pacs.database, row.organisation_id)
        listed.push({
          organisationId: row.organisation_id,
          name: row.name,
          aeTitle: row.ae_title,
          timeZone: row.time_zone,
          language: row.language,
          quotaBytes: row.quota_bytes,
          keptBytes,
          studies: row.studies,
          people: row.people,
        })
      }
      return JSON.stringify(listed, null, 2)
    },
  },
  {
    words: ['organisation', 'set'],
    usage: `organisation set --organisation O [--name N] ${SETTINGS}`,
    purpose: 'Changes what is given of an organisation, which is named by its name or id; prints its id.',
    options: ['organisation', 'name', ...SETTING_OPTIONS],
    required: ['organisation'],
    run: async (pacs, options) => {
      const wanted = options['organisation'] ?? ''
      const rows = await listOrganisations(pacs.database)
      const found =
        rows.find((row) => row.organisation_id === wanted) ?? rows.find((row) => row.name === wanted)
      if (found === undefined)
        throw notFound('organisation-not-found', 'There is no organisation of this name or id.')
      await changeOrganisation(pacs, await operator(pacs), found.organisation_id, settings(options))
      return found.organisation_id
    },
  },
]

/** As the operator's page takes them. Errors: 'invalid' code 'usage', naming what is not right. */
function settings(options: CommandOptions): ManageOrganisation {
  const quota = options['quota']
  const parsed = ManageOrganisation.safeParse({
    name: options['name'],
    aeTitle: options['ae-title'],
    timeZone: options['time-zone'],
    language: options['language'],
    quotaBytes: quota === undefined ? undefined : quota === 'none' ? null : Number(quota),
  })
  if (parsed.success) return parsed.data
  const names: Record<string, string> = { aeTitle: 'ae-title', timeZone: 'time-zone', quotaBytes: 'quota' }
  const wrong = parsed.error.issues.map(({ path }) => `--${names[String(path[0])] ?? String(path[0])}`)
  throw new YunyingError('invalid', 'usage', `Not right: ${[...new Set(wrong)].join(', ')}.`)
}

/** The operator, whose record is that of the first organisation. */
async function operator(pacs: Pick<Pacs, 'database'>): Promise<Principal> {
  const [row] = await pacs.database.query<{ organisation_id: string }>(DEFAULT_ORGANISATION)
  if (row === undefined) throw notFound('organisation-not-found', 'There is no organisation yet.')
  return { kind: 'system', organisationId: row.organisation_id, reason: 'command-line' }
}
