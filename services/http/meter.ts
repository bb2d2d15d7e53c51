import type Koa from 'koa'
import type { Principal } from '../../core/access/principal.ts'
import type { UsageLedger } from '../../core/organisations/usage-ledger.ts'
import { StreamAnswer, type Answer } from './messages.ts'

/** Counts what this answer sends, head and all, for the organisation of whom it is sent to. */
export function meter(ctx: Koa.Context, usage: UsageLedger, principal: Principal): void {
  const sent = countSent(ctx)
  // The log, the signal, who watches the right to it and the parts of a stream wait for its end too.
  ctx.res.setMaxListeners(20)
  ctx.res.once('close', () => usage.served(principal, sent()))
}

/** By HTTP/2 others' answers share the connection: the body alone is counted. */
function countSent({ req, res }: Koa.Context): () => number {
  const answer: Answer = res
  if (answer instanceof StreamAnswer) return () => answer.bodyBytes
  const { socket } = req
  const before = socket.bytesWritten
  return () => Math.max(0, socket.bytesWritten - before)
}
