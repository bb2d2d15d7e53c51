import type Koa from 'koa'

/** Between two looks at whether an answer that is still being sent may go on. Milliseconds. */
const EVERY_MS = 10_000

/** Breaks an answer off when the right to it ends while it is being sent, at the latest so long after. */
export function watchAccess(ctx: Koa.Context, mayGoOn: () => Promise<boolean>): void {
  const timer = setInterval(() => {
    void mayGoOn()
      .then((may) => {
        // By HTTP/2 its stream alone: what else comes on the connection may be of others.
        if (!may) ctx.res.destroy()
      })
      // What cannot be asked now is asked again; a part that is down is no reason to break a download off.
      .catch(() => undefined)
  }, EVERY_MS)
  timer.unref()
  ctx.res.once('close', () => clearInterval(timer))
}
