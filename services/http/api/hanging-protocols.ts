import { ChangedHangingProtocol, NewHangingProtocol } from '../../../core/contract/hanging.ts'
import type { Pacs } from '../../../core/pacs.ts'
import {
  changeProtocol,
  createProtocol,
  deleteProtocol,
  listProtocols,
} from '../../../core/worklist/hanging-protocols.ts'
import { readJson } from '../read-json.ts'
import { signedIn, type RouteDefinition } from '../route.ts'

const PATH = '/api/hanging-protocols'

/**
 * /api/hanging-protocols: how studies are laid out for who asks. Everyone has their own; what is kept for others is decided
 * by whom it is for, and so beyond the route (core/worklist/hanging-protocols.ts).
 */
export function hangingRoutes(pacs: Pacs): RouteDefinition[] {
  return [
    signedIn('GET', PATH, async ({ ctx, principal }) => {
      ctx.set('Cache-Control', 'private, no-store')
      ctx.body = { protocols: await listProtocols(pacs, principal) }
    }),
    signedIn('POST', PATH, async ({ ctx, principal }) => {
      const id = await createProtocol(pacs, principal, await readJson(ctx, NewHangingProtocol))
      ctx.status = 201
      ctx.body = { id, version: 1 }
    }),
    signedIn('PUT', `${PATH}/:protocol`, async ({ ctx, principal, params }) => {
      const change = await readJson(ctx, ChangedHangingProtocol)
      const id = params['protocol'] ?? ''
      ctx.body = { id, version: await changeProtocol(pacs, principal, id, change) }
    }),
    signedIn('DELETE', `${PATH}/:protocol`, async ({ ctx, principal, params }) => {
      await deleteProtocol(pacs, principal, params['protocol'] ?? '')
      ctx.status = 204
    }),
  ]
}
