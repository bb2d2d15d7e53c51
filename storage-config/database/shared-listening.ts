import pg from 'pg'
import type { Database } from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { sustainConnection } from './sustain-connection.ts'

interface Listener {
  readonly onPayload: (payload: string) => void
  readonly onGap: (() => void) | undefined
}

interface Connection {
  /** The one that listens now. */
  client: pg.Client | undefined
  /** The last that was said over it: a connection is told one thing after the other. */
  said: Promise<void>
  readonly ending: Promise<() => Promise<void>>
}

/**
 * `Database.listen` for all channels of a process over one connection, which is there while somebody listens. PostgreSQL wakes
 * every connection that listens for each NOTIFY of any channel (async.c, SignalBackends), and each is a process of its own: with a
 * connection a channel, five were woken for every batch of instances that one of them was told of.
 */
export function createSharedListening(settings: pg.ClientConfig, log: Logger): Database['listen'] {
  const channels = new Map<string, Set<Listener>>()
  let connection: Connection | undefined

  function connect(): Connection {
    const made: Connection = {
      client: undefined,
      said: Promise.resolve(),
      ending: sustainConnection({
        settings,
        async prepare(client) {
          made.client = client
          client.on('notification', ({ channel, payload = '' }) => {
            for (const { onPayload } of [...(channels.get(channel) ?? [])]) onPayload(payload)
          })
          for (const channel of [...channels.keys()]) await client.query(sql('listen', channel))
        },
        onRestored() {
          for (const { onGap } of [...channels.values()].flatMap((listeners) => [...listeners])) onGap?.()
        },
        log,
      }),
    }
    return made
  }

  async function add(channel: string): Promise<void> {
    const current = connection
    if (current !== undefined) {
      await current.ending
      await say(current, 'listen', channel)
      return
    }
    const made = connect()
    connection = made
    try {
      await made.ending
    } catch (error) {
      if (connection === made) connection = undefined
      throw error
    }
  }

  async function remove(channel: string, listener: Listener): Promise<void> {
    const listeners = channels.get(channel)
    if (listeners?.delete(listener) !== true || listeners.size > 0) return
    channels.delete(channel)
    const current = connection
    if (current === undefined) return
    if (channels.size > 0) return say(current, 'unlisten', channel)
    connection = undefined
    const end = await current.ending
    await end()
  }

  return async (channel, onPayload, onGap) => {
    const listener: Listener = { onPayload, onGap }
    const listeners = channels.get(channel) ?? new Set()
    channels.set(channel, listeners.add(listener))
    try {
      await add(channel)
    } catch (error) {
      await remove(channel, listener).catch(() => undefined) // There is no connection to end: that is the fault told.
      throw error
    }
    return () => remove(channel, listener)
  }
}

/** Where the connection broke meanwhile, the next one listens to what is wanted then, and each listener is told of the gap. */
function say(connection: Connection, verb: 'listen' | 'unlisten', channel: string): Promise<void> {
  const answer = connection.said.then(async () => {
    try {
      await connection.client?.query(sql(verb, channel))
    } catch (error) {
      // Nobody hears the channel any more, whatever the server says to it.
      if (verb === 'listen' && error instanceof pg.DatabaseError) throw error
    }
  })
  connection.said = answer.catch(() => undefined)
  return answer
}

const sql = (verb: 'listen' | 'unlisten', channel: string): string =>
  `${verb} ${pg.escapeIdentifier(channel)}`
