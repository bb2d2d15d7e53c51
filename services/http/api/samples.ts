import type { Principal } from '../../../core/access/principal.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { loadSamples, sampleState, type SampleState } from '../../../core/samples/load-samples.ts'
import { allowed, signedIn, type RouteDefinition } from '../route.ts'

/**
 * /api/samples: invented studies for an empty archive. They arrive like any others. Loading ends, after the instance at
 * hand, when the archive closes: before its parts do.
 */
export function openSamples(pacs: Pacs): { readonly routes: RouteDefinition[]; close(): Promise<void> } {
  /** Organisations that this process is loading for. */
  const loading = new Map<string, Promise<void>>()
  const closing = new AbortController()

  const stateOf = async ({ organisationId }: Principal): Promise<SampleState> =>
    loading.has(organisationId) ? 'loading' : sampleState(pacs, organisationId)

  const start = (principal: Principal): void => {
    const { organisationId } = principal
    const ended = loadSamples(pacs, principal, closing.signal)
      .then(({ stored }) => pacs.log.info({ organisationId, stored }, 'sample studies loaded'))
      .catch((error: unknown) => pacs.log.error({ organisationId, err: error }, 'sample studies not loaded'))
      .finally(() => loading.delete(organisationId))
    loading.set(organisationId, ended)
  }

  const routes = [
    signedIn('GET', '/api/samples', async ({ ctx, principal }) => {
      ctx.body = { state: await stateOf(principal) }
    }),
    allowed('sample.load', 'POST', '/api/samples', async ({ ctx, principal }) => {
      if ((await stateOf(principal)) === 'none') start(principal)
      ctx.status = 202
      ctx.body = { state: await stateOf(principal) }
    }),
  ]

  return {
    routes,
    async close() {
      closing.abort()
      await Promise.all(loading.values())
    },
  }
}
