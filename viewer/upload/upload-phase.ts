import type { Inspected } from './inspect-blob.ts'
import type { UploadLedger } from './upload-ledger.ts'
import type { Tally } from './upload-tally.ts'
import type { UploadTransport } from './upload-transport.ts'

export type UploadPhase =
  'idle' | 'running' | 'paused' | 'waiting-for-network' | 'signed-out' | 'finished' | 'cancelled'

export interface UploadSnapshot extends Tally {
  readonly phase: UploadPhase
  /** Whether folders are still being read, so that the totals may grow. */
  readonly walking: boolean
  /** Grows with every change; the items are in `queue.items`. */
  readonly version: number
  readonly retryAt: number | undefined
}

export interface UploadQueueParts {
  readonly inspect: (path: string, blob: Blob) => Promise<Inspected>
  readonly transport: UploadTransport
  readonly ledger: UploadLedger
  /** Milliseconds; only goes forward. */
  readonly now: () => number
  readonly setTimer: (run: () => void, milliseconds: number) => () => void
  /** A number in [0, 1), to keep many browsers from coming back at once. */
  readonly random: () => number
}
