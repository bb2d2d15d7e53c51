import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Middleware } from 'koa'
import { withoutMapping, type TrustedProxies } from '../../../core/trusted-proxies.ts'

/**
 * Settles, before anything else, where a request comes from: `ctx.ip`, and what `ctx.secure` and `ctx.host` may rely on.
 * What a client says of itself in X-Forwarded-* counts only when a proxy that the operator named passes it on, so that
 * nobody writes an address of his choice into the audit. `ctx.state.forwarded` says whether any proxy was in between,
 * trusted or not; `ctx.state.peer` is who is at the other end of the connection.
 */
export function clientAddress(trusted: TrustedProxies): Middleware {
  return (ctx, next) => {
    const { headers, socket } = ctx.req
    const peer = withoutMapping(socket.remoteAddress ?? '')
    const chain = listOf(headers['x-forwarded-for'])
    ctx.state['forwarded'] = chain.length > 0 || headers['forwarded'] !== undefined
    if (trusted.trusts(peer)) {
      ctx.request.ip = clientOf(peer, chain, trusted)
      keepLast(headers, 'x-forwarded-proto')
      keepLast(headers, 'x-forwarded-host')
    } else {
      ctx.request.ip = peer
      delete headers['x-forwarded-proto']
      delete headers['x-forwarded-host']
    }
    ctx.state['peer'] = peer
    // By HTTP/2 a request has no connection any more once its stream is reset, and how it came stays true.
    if (ctx.req.httpVersionMajor > 1) Object.defineProperty(ctx.request, 'protocol', { value: ctx.protocol })
    return next()
  }
}

/** From the nearest to the farthest: the first that is no trusted proxy. What stands left of it is hearsay. */
function clientOf(peer: string, chain: readonly string[], trusted: TrustedProxies): string {
  let client = peer
  for (const word of [...chain].reverse()) {
    const address = withoutMapping(word)
    if (isIP(address) === 0) return client
    client = address
    if (!trusted.trusts(address)) return client
  }
  return client
}

/** A proxy may append to what the client sent; the last word is the proxy's own. */
function keepLast(headers: IncomingMessage['headers'], name: string): void {
  const last = listOf(headers[name]).at(-1)
  if (last === undefined) delete headers[name]
  else headers[name] = last
}

const listOf = (header: string | string[] | undefined): string[] =>
  (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
