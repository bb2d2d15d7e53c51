import type { Principal } from '../access/principal.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import type { RoomBook } from '../organisations/storage-room.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import type { RecentHeads } from './recent-heads.ts'
import type { InstanceLayout } from './instance-layout.ts'
import type { InstanceIdentity, InstanceSource } from './store-outcome.ts'

/** An instance whose bytes are durable and whose rows are not written yet. */
export interface PendingInstance {
  readonly organisationId: string
  readonly instanceId: string
  readonly objectKey: ObjectKey
  readonly identity: InstanceIdentity
  readonly transferSyntaxUid: string
  /** Lower-case hexadecimal. */
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch, UTC. */
  readonly receivedAt: number
  readonly source: InstanceSource
  /** app_user.user_id; undefined when the archive itself stored it. */
  readonly receivedBy: string | undefined
  /** Whose deed the audit records; undefined when the archive only writes again what it has (reindex). */
  readonly sender: Principal | undefined
  /** The indexed attributes (core/dicom/indexed-tags.ts). */
  readonly header: DicomJson
  /** The first bytes of the object, where they are at hand: all before Pixel Data. */
  readonly head: Uint8Array | undefined
  readonly layout: InstanceLayout
}

/** What the transaction made of it. */
export type CommitOutcome =
  | { readonly kind: 'stored'; readonly studyId: string; readonly patientDiffers: boolean }
  /** The same bytes are stored already, as this instance. */
  | { readonly kind: 'duplicate'; readonly instanceId: string }
  /** Other bytes are stored under this SOP Instance UID, as this instance. */
  | { readonly kind: 'conflict'; readonly instanceId: string }

/**
 * Writes the rows of instances that arrive at the same time in one transaction. Made once a process
 * (`createIngestWriter`), because what is shared is shared by a process.
 */
export interface IngestWriter {
  /** How much each organisation keeps and may keep. */
  readonly rooms: RoomBook
  /** Of what was stored lately, where this process derives something from it. */
  readonly heads: RecentHeads
  /** Ids of instances and quarantined objects, rising in order of arrival. */
  nextId(): string
  /** Resolves after the commit. Errors: kind 'unavailable' when the database does not answer (the commit may have happened). */
  commit(pending: PendingInstance): Promise<CommitOutcome>
}
