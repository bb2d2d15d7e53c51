import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { DEFAULT_ORGANISATION, getOrganisation, type OrganisationRow } from './organisation-table.ts'
import { logoVersion } from './organisation-logo.ts'

/** What the first organisation is called until somebody says. */
const UNNAMED = 'Yunying'

/**
 * Whose archive it is, for everybody who comes to sign in: the organisation that runs the installation, whether there are others
 * or not, so that the page says nothing of any other. Null while it has neither a name of its own nor a logo.
 */
export async function signInOrganisation(
  pacs: Pick<Pacs, 'database'>,
): Promise<{ name: string; logoUrl: string | null } | null> {
  const { name, logo_key } = await defaultOrganisation(pacs.database)
  const version = logoVersion(logo_key)
  if (name === UNNAMED && version === undefined) return null
  return { name, logoUrl: version === undefined ? null : `/api/sign-in/logo?v=${version}` }
}

/** The logo of that organisation, WebP. Errors: 'not-found' code 'logo-not-found'. */
export async function readSignInLogo(pacs: Pick<Pacs, 'database' | 'objects'>): Promise<Uint8Array> {
  const { logo_key } = await defaultOrganisation(pacs.database)
  if (logo_key === null) throw notFound('logo-not-found', 'There is no logo.')
  return pacs.objects.read(logo_key as ObjectKey)
}

async function defaultOrganisation(database: Queryable): Promise<OrganisationRow> {
  const [row] = await database.query<{ organisation_id: string }>(DEFAULT_ORGANISATION)
  return getOrganisation(database, row?.organisation_id ?? '')
}
