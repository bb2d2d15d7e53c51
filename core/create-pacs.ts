import { createIngestWriter } from './archive/ingest-writer.ts'
import { createRecentHeads, noRecentHeads } from './archive/recent-heads.ts'
import type { Pacs } from './pacs.ts'
import { systemClock } from './ports/clock.ts'

/** The archive, from what a composition root opened. */
export function createPacs(parts: Omit<Pacs, 'ingest' | 'clock'>): Pacs {
  const clock = systemClock
  const heads = parts.config.run.includes('worker') ? createRecentHeads() : noRecentHeads
  return { ...parts, clock, ingest: createIngestWriter({ ...parts, clock, heads }) }
}
