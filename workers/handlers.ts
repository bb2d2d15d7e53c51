import { announceStudy } from '../core/archive/announce-study.ts'
import { extractSeriesMetadata } from '../core/archive/extract-series-metadata.ts'
import { reconcileStudy } from '../core/archive/reconcile-study.ts'
import { renderSeriesThumbnail } from '../core/archive/render-series-thumbnail.ts'
import { makeRenditions } from '../core/archive/make-renditions.ts'
import { requestRenditions } from '../core/archive/request-renditions.ts'
import type { Pacs } from '../core/pacs.ts'
import { prepareVault } from '../core/sharing/prepare-vault.ts'
import { removeDueStudy } from '../core/retention/remove-study.ts'
import type { JobKind } from '../core/work/job-kind.ts'

interface Handler {
  /** How many at once in one process. */
  readonly concurrency: number
  /** Milliseconds without a sign of life before another worker may take the work. */
  readonly leaseMs: number
  /** `signal` aborts when the worker is to stop: long work ends with an error of kind 'unavailable', and is done later. */
  readonly run: (pacs: Pacs, key: string, signal: AbortSignal) => Promise<void>
}

/** Who does what. A kind of work without a handler does not type-check. */
export const HANDLERS = {
  'extract-metadata': {
    concurrency: 2,
    leaseMs: 20_000,
    run: async (pacs, seriesId) => {
      await extractSeriesMetadata(pacs, seriesId)
      await requestRenditions(pacs, seriesId)
      await announceStudy(pacs.database, { seriesId })
    },
  },
  'render-thumbnails': {
    concurrency: 2,
    leaseMs: 20_000,
    run: async (pacs, seriesId) => {
      await renderSeriesThumbnail(pacs, seriesId)
      await announceStudy(pacs.database, { seriesId })
    },
  },
  'reconcile-study': {
    concurrency: 2,
    leaseMs: 20_000,
    run: async (pacs, studyId) => {
      await reconcileStudy(pacs, studyId)
      await announceStudy(pacs.database, { studyId })
    },
  },
  'make-renditions': {
    concurrency: 1,
    leaseMs: 20_000,
    run: makeRenditions,
  },
  'prepare-share': {
    concurrency: 1,
    leaseMs: 20_000,
    run: prepareVault,
  },
  'remove-study': {
    concurrency: 1,
    leaseMs: 20_000,
    run: removeDueStudy,
  },
} as const satisfies Record<JobKind, Handler>
