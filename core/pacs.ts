import type { IngestWriter } from './archive/pending-instance.ts'
import type { Config } from './config.ts'
import type { Clock } from './ports/clock.ts'
import type { Database } from './ports/database.ts'
import type { FrameCodec } from './ports/frame-codec.ts'
import type { JobQueue } from './ports/job-queue.ts'
import type { Logger } from './ports/logger.ts'
import type { ObjectStore } from './ports/object-store.ts'

/**
 * What the archive is made of; the first argument of every function that does something. Made once, by a
 * composition root. Ask for less where less will do: `Pick<Pacs, 'database'>`.
 */
export interface Pacs {
  readonly config: Config
  readonly database: Database
  readonly objects: ObjectStore
  readonly queue: JobQueue
  readonly codec: FrameCodec
  /** `createIngestWriter({ database, queue, clock, log, heads })`, core/archive/ingest-writer.ts. */
  readonly ingest: IngestWriter
  readonly clock: Clock
  readonly log: Logger
}
