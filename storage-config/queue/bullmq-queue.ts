import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { unavailable } from '../../core/errors.ts'
import type { JobQueue } from '../../core/ports/job-queue.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { JobKind } from '../../core/work/job-kind.ts'

const PREFIX = 'yunying'
/** A hint is worth this wait and no more: the sweeper finds its row. Milliseconds. */
const NOTIFY_MS = 1_000
const CHECK_MS = 1_500
const CLOSE_MS = 2_000
const LOCK_MS = 30_000

/** Hints over Redis, for workers in other processes. Redis may be down, slow or emptied: rows are the truth. */
export function openBullmqQueue(url: string, log: Logger): JobQueue {
  let silent = false
  const sayOnce = (error: Error): void => {
    // ioredis reports each attempt to connect.
    if (!silent) log.warn({ err: error }, 'the queue does not answer; the sweeper finds the work by its rows')
    silent = true
  }
  const connectTo = (options: {
    maxRetriesPerRequest: number | null
    enableOfflineQueue: boolean
  }): Redis => {
    const redis = new Redis(url, {
      ...options,
      connectTimeout: 3_000,
      retryStrategy: (attempts) => Math.min(100 * attempts, 2_000),
    })
    redis.on('error', sayOnce)
    redis.on('ready', () => {
      if (silent) log.info({}, 'the queue answers again')
      silent = false
    })
    return redis
  }

  const producer = connectTo({ maxRetriesPerRequest: 1, enableOfflineQueue: false })
  const queues = new Map<JobKind, Queue>()
  const stops = new Set<() => Promise<void>>()

  function queueOf(kind: JobKind): Queue {
    const known = queues.get(kind)
    if (known !== undefined) return known
    const queue = new Queue(kind, { connection: producer, prefix: PREFIX, skipVersionCheck: true })
    queue.on('error', sayOnce)
    queues.set(kind, queue)
    return queue
  }

  return {
    async notify(kind, key, options = {}) {
      const delay = options.delayMs ?? 0
      const sent = queueOf(kind)
        .add(
          kind,
          { key },
          {
            delay,
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: true,
            // One hint a key waits at a time; a later hint while it runs makes it run once more. A hint for later does
            // not keep back one for now.
            deduplication: { id: delay > 0 ? `${key}-later` : key, keepLastIfActive: true },
          },
        )
        .then(
          () => true,
          (error: Error) => {
            sayOnce(error)
            return false
          },
        )
      return within(NOTIFY_MS, sent, false)
    },

    work(kind, concurrency, handler) {
      const running = new Set<Promise<void>>()
      const connection = connectTo({ maxRetriesPerRequest: null, enableOfflineQueue: true })
      const worker = new Worker<{ key: string }>(
        kind,
        async ({ data }) => {
          const run = handler(data.key)
          running.add(run)
          try {
            await run
          } catch (error) {
            log.error({ err: error }, 'a job handler broke')
          } finally {
            running.delete(run)
          }
        },
        {
          connection,
          prefix: PREFIX,
          concurrency,
          lockDuration: LOCK_MS,
          stalledInterval: LOCK_MS / 2,
          skipVersionCheck: true,
        },
      )
      worker.on('error', sayOnce)
      const stop = async (): Promise<void> => {
        stops.delete(stop)
        const closing = worker.close().catch((error: Error) => sayOnce(error))
        await Promise.allSettled(running)
        // Redis may be down: what it still holds, the sweeper and the leases make good.
        await within(CLOSE_MS, closing, undefined)
        connection.disconnect()
      }
      stops.add(stop)
      return { stop }
    },

    async check() {
      const ping = async (): Promise<Error | undefined> => {
        // Just opened, or coming back: that is no fault yet.
        if (producer.status !== 'ready') await new Promise((resolve) => producer.once('ready', resolve))
        return producer.ping().then(
          () => undefined,
          (error: Error) => error,
        )
      }
      const fault = await within(CHECK_MS, ping(), new Error('no answer in time'))
      if (fault !== undefined) throw unavailable('queue-unavailable', 'The queue does not answer.', fault)
    },

    async close() {
      await Promise.all([...stops].map((stop) => stop()))
      const closing = Promise.all([...queues.values()].map((queue) => queue.close().catch(sayOnce)))
      await within(CLOSE_MS, closing, undefined)
      producer.disconnect()
    },
  }
}

async function within<T, U>(ms: number, promise: Promise<T>, late: U): Promise<T | U> {
  const timer = new AbortController()
  const waited = sleep(ms, late, { signal: timer.signal, ref: false }).catch(() => late)
  try {
    return await Promise.race([promise, waited])
  } finally {
    timer.abort()
  }
}
