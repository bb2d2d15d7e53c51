import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { asArchive } from '../access/organisation-wall.ts'
import type { Principal } from '../access/principal.ts'
import { notFound } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { changeOrganisation } from './change-organisation.ts'
import { getOrganisation, type OrganisationRow } from './organisation-table.ts'

/** Pixels, wide and high. */
const LARGEST_LOGO = 256

/**
 * Shows this picture as the organisation's logo, made anew so that nothing else of its file is served; none without a
 * picture. Errors: 'invalid' code 'picture-invalid'.
 */
export async function changeLogo(
  pacs: Pacs,
  principal: Principal,
  picture: Uint8Array | undefined,
): Promise<OrganisationRow> {
  const { organisationId } = principal
  const before = await getOrganisation(pacs.database, organisationId)
  const logoKey = picture === undefined ? null : await keep(pacs, organisationId, picture)
  const changed = await changeOrganisation(pacs, principal, organisationId, { logoKey })
  if (before.logo_key !== null) await pacs.objects.delete(before.logo_key as ObjectKey)
  return changed
}

async function keep(pacs: Pacs, organisationId: string, picture: Uint8Array): Promise<ObjectKey> {
  const logo = await pacs.codec.shrink(picture, LARGEST_LOGO)
  const key = `organisations/${organisationId}/logo/${randomUUID()}.webp` as ObjectKey
  await pacs.objects.put(key, Readable.from([logo]), { size: logo.length })
  return key
}

/** The logo, WebP, of the organisation that the principal knows: a guest's is the one that shared. Errors: 'not-found' code 'logo-not-found'. */
export async function readLogo(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
): Promise<Uint8Array> {
  const { organisation_id, logo_key } = await ownOrganisation(pacs, principal)
  if (logo_key === null) throw notFound('logo-not-found', `Organisation ${organisation_id} has no logo.`)
  return pacs.objects.read(logo_key as ObjectKey)
}

/** The logo of an organisation, WebP, for whoever brings a secret of its; undefined where it has none. */
export async function findLogo(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  organisationId: string,
): Promise<Uint8Array | undefined> {
  const { logo_key } = await getOrganisation(pacs.database, organisationId)
  return logo_key === null ? undefined : pacs.objects.read(logo_key as ObjectKey)
}

/** The organisation whose name is over the page; the guest of a copy knows the one that shared it. */
const ownOrganisation = (pacs: Pick<Pacs, 'database'>, principal: Principal): Promise<OrganisationRow> =>
  asArchive(() =>
    getOrganisation(
      pacs.database,
      (principal.kind === 'user' ? principal.auditOrganisationId : undefined) ?? principal.organisationId,
    ),
  )

/** Where a page finds the logo; another logo has another address. */
export const logoUrl = (logoKey: string | null): string | null => {
  const version = logoVersion(logoKey)
  return version === undefined ? null : `/api/organisation/logo?v=${version}`
}

/** What tells a logo from those before; undefined where there is none. */
export const logoVersion = (logoKey: string | null): string | undefined =>
  logoKey === null ? undefined : /\/logo\/([0-9a-f-]+)\.webp$/.exec(logoKey)?.[1]
