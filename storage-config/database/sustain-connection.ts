import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from '../../core/ports/logger.ts'

const RETRY_MS = 500
const PING_MS = 10_000
const DEADLINE_MS = 10_000
const END_MS = 1_000

export interface SustainedConnection {
  readonly settings: pg.ClientConfig
  /** Makes a fresh connection useful; if it rejects, the next attempt follows. */
  prepare(client: pg.Client): Promise<unknown>
  /** Before each attempt that follows a break. */
  beforeRetry?(): Promise<void>
  /** Connected and prepared again after a break. */
  onRestored(): void
  readonly log: Logger
}

/**
 * One connection, made again whenever it breaks or falls silent. Resolves once the first is prepared, rejects if that
 * fails; the answer ends it.
 */
export async function sustainConnection(options: SustainedConnection): Promise<() => Promise<void>> {
  const ending = new AbortController()
  let current = await connect(options)
  const kept = keep()

  async function keep(): Promise<void> {
    for (;;) {
      const fault = await current.broken
      if (ending.signal.aborted) return
      options.log.warn(fault === undefined ? {} : { err: fault }, 'a database connection broke')
      const next = await reconnect()
      if (next === undefined) return
      current = next
      options.onRestored()
    }
  }

  async function reconnect(): Promise<Connection | undefined> {
    for (;;) {
      try {
        await sleep(RETRY_MS, undefined, { signal: ending.signal, ref: false })
        await options.beforeRetry?.()
        const next = await connect(options)
        if (!ending.signal.aborted) return next
        await next.end()
      } catch (error) {
        if (!ending.signal.aborted) options.log.debug({ err: error }, 'the database does not answer yet')
      }
      if (ending.signal.aborted) return undefined
    }
  }

  return async () => {
    ending.abort()
    await current.end()
    await Promise.race([kept, sleep(END_MS)])
  }
}

interface Connection {
  /** Resolves when it is no longer of use. */
  readonly broken: Promise<Error | undefined>
  end(): Promise<void>
}

async function connect({ settings, prepare, log }: SustainedConnection): Promise<Connection> {
  const client = new pg.Client({
    ...settings,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
    keepAlive: true,
  })
  let onBroken: (error?: Error) => void = () => undefined
  const broken = new Promise<Error | undefined>((resolve) => (onBroken = resolve))
  client.on('error', onBroken)
  client.on('end', () => onBroken())
  // The other side may have vanished: a farewell nobody hears must not keep us.
  const end = async (): Promise<void> => {
    const ended = client
      .end()
      .catch((error: unknown) => log.debug({ err: error }, 'a connection did not end'))
    await Promise.race([ended, sleep(END_MS)])
  }
  try {
    await client.connect()
    await prepare(client)
  } catch (error) {
    await end()
    throw error
  }
  // A connection whose other side vanished says nothing: ask now and then.
  const ping = setInterval(() => void client.query('select 1').catch(onBroken), PING_MS)
  ping.unref()
  void broken.then(() => {
    clearInterval(ping)
    void end()
  })
  return { broken, end }
}
