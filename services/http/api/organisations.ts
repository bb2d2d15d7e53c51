import type Koa from 'koa'
import {
  ChangeOrganisation,
  CreateOrganisation,
  ManageOrganisation,
  UsageQuery,
  type CreatedOrganisation,
  type Organisation,
  type OrganisationList,
  type UploadRoom,
  type Usage,
} from '../../../core/contract/organisations.ts'
import { asArchive } from '../../../core/access/organisation-wall.ts'
import { YunyingError } from '../../../core/errors.ts'
import { changeOrganisation } from '../../../core/organisations/change-organisation.ts'
import { createOrganisation } from '../../../core/organisations/create-organisation.ts'
import { listUsage } from '../../../core/organisations/list-usage.ts'
import { changeLogo, logoUrl, readLogo } from '../../../core/organisations/organisation-logo.ts'
import {
  getOrganisation,
  listOrganisations,
  type OrganisationRow,
} from '../../../core/organisations/organisation-table.ts'
import { leftOf, readStorageRoom } from '../../../core/organisations/storage-room.ts'
import type { UsageLedger } from '../../../core/organisations/usage-ledger.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { drainRequest, requestBytes } from '../request-bytes.ts'
import { readJson, readQuery } from '../read-json.ts'
import { allowed, signedIn, type RouteDefinition } from '../route.ts'

const OWN = '/api/admin/organisation'
const ALL = '/api/admin/organisations'
/** A photograph that somebody takes for a logo. Bytes. */
const LARGEST_PICTURE = 8 << 20

/** An organisation's own settings and usage, and all organisations for the operator. */
export function organisationRoutes(pacs: Pacs, usage: UsageLedger): RouteDefinition[] {
  return [...ownRoutes(pacs), ...usageRoutes(pacs, usage), ...operatorRoutes(pacs)]
}

function ownRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('organisation.change', 'GET', OWN, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await present(pacs, await getOrganisation(pacs.database, principal.organisationId))
    }),
    allowed('organisation.change', 'PATCH', OWN, async ({ ctx, principal }) => {
      const change = await readJson(ctx, ChangeOrganisation)
      ctx.body = await present(
        pacs,
        await changeOrganisation(pacs, principal, principal.organisationId, change),
      )
    }),
    allowed('organisation.change', 'PUT', `${OWN}/logo`, async ({ ctx, principal }) => {
      ctx.body = await present(pacs, await changeLogo(pacs, principal, await readPicture(ctx)))
    }),
    allowed('organisation.change', 'DELETE', `${OWN}/logo`, async ({ ctx, principal }) => {
      ctx.body = await present(pacs, await changeLogo(pacs, principal, undefined))
    }),
    signedIn('GET', '/api/organisation/logo', async ({ ctx, principal }) => {
      const logo = await readLogo(pacs, principal)
      // Its address changes with it.
      ctx.set('Cache-Control', 'private, max-age=86400')
      ctx.type = 'image/webp'
      ctx.body = Buffer.from(logo)
    }),
  ]
}

function usageRoutes(pacs: Pacs, usage: UsageLedger): RouteDefinition[] {
  return [
    allowed('organisation.change', 'GET', '/api/admin/usage', async ({ ctx, principal, query }) => {
      const { days } = readQuery(query, UsageQuery)
      // What this process counted is in it to the last answer; what others did, to half a minute ago.
      await usage.flush()
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = (await listUsage(pacs.database, principal.organisationId, days)) satisfies Usage
    }),
    allowed('instance.store', 'GET', '/api/uploads/room', async ({ ctx, principal }) => {
      const room = await readStorageRoom(pacs.database, principal.organisationId)
      const left = leftOf(room)
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { ...room, leftBytes: left === Infinity ? null : left } satisfies UploadRoom
    }),
  ]
}

function operatorRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    allowed('organisation.manage', 'GET', ALL, async ({ ctx }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = await asArchive(async () => {
        const rows = await listOrganisations(pacs.database)
        const organisations = []
        for (const row of rows)
          organisations.push({
            ...(await present(pacs, row)),
            studies: row.studies,
            people: row.people,
            renditionBytes: row.rendition_bytes,
          })
        return { organisations } satisfies OrganisationList
      })
    }),
    allowed('organisation.manage', 'POST', ALL, async ({ ctx, principal }) => {
      const input = await readJson(ctx, CreateOrganisation)
      const { organisationId, oneTimePassword = '' } = await createOrganisation(pacs, principal, input)
      ctx.status = 201
      ctx.set('Cache-Control', 'no-store')
      ctx.body = await asArchive(async () => {
        const organisation = await present(pacs, await getOrganisation(pacs.database, organisationId))
        return { organisation, adminEmail: input.adminEmail, oneTimePassword } satisfies CreatedOrganisation
      })
    }),
    allowed('organisation.manage', 'PATCH', `${ALL}/:organisation`, async ({ ctx, principal, params }) => {
      const change = await readJson(ctx, ManageOrganisation)
      const changed = await changeOrganisation(pacs, principal, params['organisation'] ?? '', change)
      ctx.body = await asArchive(() => present(pacs, changed))
    }),
  ]
}

async function present(pacs: Pick<Pacs, 'database'>, row: OrganisationRow): Promise<Organisation> {
  return {
    organisationId: row.organisation_id,
    name: row.name,
    aeTitle: row.ae_title,
    timeZone: row.time_zone,
    language: row.language,
    ...(await readStorageRoom(pacs.database, row.organisation_id)),
    logoUrl: logoUrl(row.logo_key),
    createdAt: row.created_at.toISOString(),
  }
}

/** The body of the request. Errors: 'limit' code 'picture-too-large'. */
async function readPicture(ctx: Koa.Context): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of requestBytes(ctx.req)) {
    size += chunk.length
    if (size > LARGEST_PICTURE) {
      drainRequest(ctx)
      throw new YunyingError('limit', 'picture-too-large', 'Take a picture of at most 8 MB.')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
