import pg from 'pg'
import type { Logger } from '../../core/ports/logger.ts'

const RETRY_MS = 1_000
const PING_MS = 15_000

/**
 * LISTEN on a connection of its own, made again whenever it breaks; `onGap` tells that something may have been missed.
 * Resolves once the first connection listens; the answer ends it.
 */
export async function listenForEver(
  settings: pg.ClientConfig,
  channel: string,
  onPayload: (payload: string) => void,
  onGap: (() => void) | undefined,
  log: Logger,
): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false

  async function connect(): Promise<void> {
    const next = new pg.Client({ ...settings, query_timeout: 10_000 })
    let broken = false
    const onBroken = (error?: Error): void => {
      if (broken || ended) return
      broken = true
      log.warn(error === undefined ? {} : { err: error }, 'the listening connection broke')
      void next.end().catch((fault: unknown) => log.debug({ err: fault }, 'a broken connection did not end'))
      reconnectSoon()
    }
    next.on('error', onBroken)
    next.on('end', () => onBroken())
    next.on('notification', (message) => onPayload(message.payload ?? ''))
    await next.connect()
    await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    client = next
    // A connection whose other side vanished says nothing: ask now and then.
    clearInterval(timer)
    timer = setInterval(() => void next.query('select 1').catch(onBroken), PING_MS)
    timer.unref()
  }

  function reconnectSoon(): void {
    clearInterval(timer)
    if (ended) return
    timer = setTimeout(() => {
      connect().then(() => onGap?.(), reconnectSoon)
    }, RETRY_MS)
    timer.unref()
  }

  await connect()
  return async () => {
    ended = true
    clearInterval(timer)
    await client?.end()
  }
}
