import { asArchive } from '../../../core/access/organisation-wall.ts'
import { principalCan } from '../../../core/access/policy.ts'
import { forwardingLag } from '../../../core/audit/forwarding-lag.ts'
import { YunyingError } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import type { Authenticator } from '../authenticator.ts'
import type { Metrics } from '../metrics.ts'
import { anonymous, type RouteDefinition } from '../route.ts'

const CHECK_MS = 2_000
/** Events that wait longer say that their receiver is away. */
const BEHIND_MS = 300_000

/** /healthz (this process answers), /readyz (what it leans on answers, with reasons), /metrics. */
export function healthRoutes(pacs: Pacs, authenticator: Authenticator, metrics: Metrics): RouteDefinition[] {
  return [
    anonymous('GET', '/healthz', async ({ ctx }) => {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = { status: 'ok' }
    }),
    anonymous('GET', '/readyz', async ({ ctx }) => {
      const parts = {
        database: await answers(() => pacs.database.check()),
        objects: await answers(() => pacs.objects.check()),
        queue: await answers(() => pacs.queue.check()),
        ...(pacs.config.auditSyslog === undefined
          ? {}
          : { auditForwarding: await answers(() => isForwarded(pacs)) }),
      }
      // Without the queue everything still comes in and goes out: the sweeper finds the work by the rows. The record waits
      // for its receiver, and nobody for the record.
      const ready = parts.database === 'ok' && parts.objects === 'ok'
      ctx.set('Cache-Control', 'no-store')
      ctx.status = ready ? 200 : 503
      ctx.body = {
        status: ready ? 'ready' : 'not-ready',
        parts,
        // What works, but not as well as it could, keeps nobody from asking.
        warnings: parts.database === 'ok' ? await warningsOf(pacs) : [],
      }
    }),
    anonymous('GET', '/metrics', async ({ ctx }) => {
      // A request through a proxy comes from the loopback too, but not from this machine.
      if (ctx.state['forwarded'] === true || !isLoopback(ctx.state['peer'] as string)) {
        const who = await authenticator.authenticate(ctx)
        if (who === undefined) throw new YunyingError('unauthenticated', 'sign-in-needed', 'Sign in first.')
        if (!principalCan(who.principal, 'metrics.read')) {
          throw new YunyingError('forbidden', 'not-allowed', 'Your role does not allow this.')
        }
      }
      const { contentType, text } = await metrics.exposition()
      ctx.set('Content-Type', contentType)
      ctx.set('Cache-Control', 'no-store')
      ctx.body = text
    }),
  ]
}

const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(address)

async function warningsOf(pacs: Pick<Pacs, 'database' | 'log'>): Promise<readonly string[]> {
  try {
    return await pacs.database.warnings()
  } catch (error) {
    pacs.log.warn({ err: error }, 'whether something could be better is not known')
    return []
  }
}

async function isForwarded(pacs: Pacs): Promise<void> {
  const { since } = await asArchive(() => forwardingLag(pacs))
  if (since !== null && pacs.clock.now() - since.getTime() > BEHIND_MS)
    throw new YunyingError(
      'unavailable',
      'audit-forwarding-behind',
      'The audit trail waits for its receiver.',
    )
}

async function answers(check: () => Promise<void>): Promise<'ok' | string> {
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new YunyingError('unavailable', 'timeout', 'did not answer in time')),
        CHECK_MS,
      )
    })
    await Promise.race([check(), late])
    return 'ok'
  } catch (error) {
    return error instanceof YunyingError ? error.code : 'failed'
  } finally {
    clearTimeout(timer)
  }
}
