import type { JobQueue } from '../ports/job-queue.ts'
import type { Logger } from '../ports/logger.ts'
import { notifyWork, type WorkRequest } from '../work/request-work.ts'

/**
 * Sends hints to the queue without making an acknowledgement wait for it: the rows are committed, and the sweeper sends
 * again what is lost. While one round is under way the next gathers, each piece of work once, so a queue that does not
 * answer costs no memory.
 */
export function createWorkHints(queue: JobQueue, log: Logger): { send(work: readonly WorkRequest[]): void } {
  let gathered = new Map<string, WorkRequest>()
  let sending = false

  const drain = async (): Promise<void> => {
    while (gathered.size > 0) {
      const round = [...gathered.values()]
      gathered = new Map()
      try {
        await notifyWork(queue, round)
      } catch (error) {
        log.warn({ err: error }, 'work hints were not sent; the sweeper will send them')
      }
    }
    sending = false
  }

  return {
    send(work) {
      for (const one of work) gathered.set(`${one.kind} ${one.key}`, one)
      if (sending) return
      sending = true
      void drain()
    },
  }
}
