import type { Principal } from '../../../core/access/principal.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { loadSamples, sampleState, type SampleState } from '../../../core/samples/load-samples.ts'
import { allowed, signedIn, type RouteDefinition } from '../route.ts'

/** /api/samples: invented studies for an empty archive. They arrive like any others. */
export function sampleRoutes(pacs: Pacs): RouteDefinition[] {
  /** Organisations that this process is loading for. */
  const loading = new Set<string>()

  const stateOf = async ({ organisationId }: Principal): Promise<SampleState> =>
    loading.has(organisationId) ? 'loading' : sampleState(pacs, organisationId)

  const start = (principal: Principal): void => {
    const { organisationId } = principal
    loading.add(organisationId)
    loadSamples(pacs, principal)
      .then(({ stored }) => pacs.log.info({ organisationId, stored }, 'sample studies loaded'))
      .catch((error: unknown) => pacs.log.error({ organisationId, err: error }, 'sample studies not loaded'))
      .finally(() => loading.delete(organisationId))
  }

  return [
    signedIn('GET', '/api/samples', async ({ ctx, principal }) => {
      ctx.body = { state: await stateOf(principal) }
    }),
    allowed('sample.load', 'POST', '/api/samples', async ({ ctx, principal }) => {
      if ((await stateOf(principal)) === 'none') start(principal)
      ctx.status = 202
      ctx.body = { state: await stateOf(principal) }
    }),
  ]
}
