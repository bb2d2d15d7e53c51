import type { JobQueue } from '../../core/ports/job-queue.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { JobKind } from '../../core/work/job-kind.ts'

interface Lane {
  readonly waiting: Set<string>
  readonly running: Set<string>
  readonly timers: Map<string, NodeJS.Timeout>
  worker?: { readonly concurrency: number; readonly handler: (key: string) => Promise<void> }
}

/** Hints within this process. Nothing is kept: rows are, and the sweeper hints again after a restart. */
export function openLocalQueue(log: Logger): JobQueue {
  const lanes = new Map<JobKind, Lane>()
  let closed = false

  const laneOf = (kind: JobKind): Lane => {
    const lane = lanes.get(kind) ?? { waiting: new Set(), running: new Set(), timers: new Map() }
    lanes.set(kind, lane)
    return lane
  }

  function pump(lane: Lane): void {
    const { worker } = lane
    if (worker === undefined || closed) return
    for (const key of lane.waiting) {
      if (lane.running.size >= worker.concurrency) return
      // A key that runs now waits for its turn: one run of a key at a time.
      if (lane.running.has(key)) continue
      lane.waiting.delete(key)
      lane.running.add(key)
      worker
        .handler(key)
        .catch((error: unknown) => log.error({ err: error }, 'a job handler broke'))
        .finally(() => {
          lane.running.delete(key)
          pump(lane)
        })
    }
  }

  return {
    notify(kind, key, options = {}) {
      if (closed) return Promise.resolve(false)
      const lane = laneOf(kind)
      if (options.delayMs === undefined || options.delayMs <= 0) {
        lane.waiting.add(key)
        pump(lane)
      } else if (!lane.timers.has(key)) {
        const due = setTimeout(() => {
          lane.timers.delete(key)
          lane.waiting.add(key)
          pump(lane)
        }, options.delayMs)
        due.unref()
        lane.timers.set(key, due)
      }
      return Promise.resolve(true)
    },

    work(kind, concurrency, handler) {
      const lane = laneOf(kind)
      lane.worker = { concurrency, handler }
      pump(lane)
      return {
        async stop() {
          delete lane.worker
          while (lane.running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
        },
      }
    },

    check: () => Promise.resolve(),

    close() {
      closed = true
      for (const lane of lanes.values()) {
        for (const timer of lane.timers.values()) clearTimeout(timer)
      }
      return Promise.resolve()
    },
  }
}
