import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Logger } from '../../../core/ports/logger.ts'
import { wasSentWhole } from '../messages.ts'
import type { Metrics } from '../metrics.ts'

/**
 * A request id, a log line and the metrics of each request. The line names the route's pattern, never the path or
 * the query: both can carry identifiers of patients.
 */
export function requestLog(log: Logger, metrics: Metrics): Middleware {
  return (ctx, next) => {
    const requestId = randomUUID()
    const started = performance.now()
    ctx.state['requestId'] = requestId
    ctx.set('X-Request-Id', requestId)
    // `close` comes after the last byte, or when the client goes away; what happens before is not the whole cost.
    ctx.res.once('close', () => {
      const milliseconds = performance.now() - started
      const route = (ctx.state['route'] as string | undefined) ?? 'none'
      const status = wasSentWhole(ctx.res) ? ctx.res.statusCode : 499
      metrics.observeRequest(ctx.method, route, status, milliseconds / 1000)
      log.debug({ requestId, method: ctx.method, route, status, ms: Math.round(milliseconds) }, 'request')
    })
    return next()
  }
}
