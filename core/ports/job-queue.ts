import type { JobKind } from '../work/job-kind.ts'

/**
 * Carries hints that a row of `work_item` wants doing. The row is the truth: a hint may be lost, doubled or late,
 * and the sweeper sends it again. Two implementations: in this process (`local:`) and BullMQ on Redis (`redis:`).
 */
export interface JobQueue {
  /** Idempotent per kind and key. Never throws for an unreachable server: it resolves false (the sweeper will send it again). */
  notify(kind: JobKind, key: string, options?: { delayMs?: number }): Promise<boolean>
  /** Calls `handler` for each hint, at most `concurrency` at a time, until `stop()`; stop waits for those under way. */
  work(kind: JobKind, concurrency: number, handler: (key: string) => Promise<void>): { stop(): Promise<void> }
  /** Rejects with code 'queue-unavailable' when the server does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}
