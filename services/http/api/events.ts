import { PassThrough } from 'node:stream'
import type { StudyEvents } from '../../realtime/study-events.ts'
import { signedIn, type RouteDefinition } from '../route.ts'

const HEARTBEAT_MS = 20_000
/** The browser opens the stream again by itself; until then a right that was taken away may still hear that something changed. */
const LONGEST_MS = 25_000

/** GET /api/events: Server-Sent Events about studies the reader may see. */
export function eventRoutes(events: StudyEvents): RouteDefinition[] {
  return [
    signedIn('GET', '/api/events', async ({ ctx, principal, signal }) => {
      const stream = new PassThrough()
      ctx.type = 'text/event-stream'
      ctx.set('Cache-Control', 'no-store')
      ctx.set('X-Accel-Buffering', 'no')
      ctx.body = stream
      stream.write('retry: 1000\n\nevent: hello\ndata: {}\n\n')
      const unsubscribe = events.subscribe(principal, (event) => {
        const { kind, ...data } = event
        stream.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`)
      })
      const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS)
      const end = setTimeout(() => stream.end(), LONGEST_MS)
      const stop = (): void => {
        unsubscribe()
        clearInterval(heartbeat)
        clearTimeout(end)
      }
      stream.once('close', stop)
      signal.addEventListener('abort', () => stream.destroy(), { once: true })
    }),
  ]
}
