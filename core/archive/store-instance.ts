import type { Principal } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'
import type { InstanceSource, StoreOutcome } from './store-outcome.ts'

export interface StoreRequest {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly source: InstanceSource
  /** Only instances of this study are stored (STOW-RS `/studies/{study}`). */
  readonly requiredStudyInstanceUid?: string | undefined
  /** Exact size of `bytes`, when the caller knows it. */
  readonly size?: number | undefined
}

/** Stores one received instance (signature first; the body follows). */
export async function storeInstance(
  _pacs: Pick<Pacs, 'database' | 'objects' | 'clock' | 'ingest' | 'log'>,
  _principal: Principal,
  _request: StoreRequest,
): Promise<StoreOutcome> {
  throw new Error('not written yet')
}
