import type Koa from 'koa'
import type { Principal } from '../../core/access/principal.ts'
import type { UsageLedger } from '../../core/organisations/usage-ledger.ts'

/** Counts what this answer sends, head and all, for the organisation of whom it is sent to. */
export function meter(ctx: Koa.Context, usage: UsageLedger, principal: Principal): void {
  const { socket } = ctx.req
  const before = socket.bytesWritten
  // The log, the signal, who watches the right to it and the parts of a stream wait for its end too.
  ctx.res.setMaxListeners(20)
  ctx.res.once('close', () => usage.served(principal, Math.max(0, socket.bytesWritten - before)))
}
