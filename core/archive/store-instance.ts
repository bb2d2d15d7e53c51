import { principalCan } from '../access/policy.ts'
import type { Principal } from '../access/principal.ts'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { DATABASE_FULL, DATABASE_UNREACHABLE } from '../ports/database.ts'
import {
  firstPersonName,
  firstString,
  type DicomJson,
  type DicomJsonPersonName,
} from '../dicom/dicom-json.ts'
import type { ScannedInstance } from '../dicom/instance-scanner.ts'
import { DUPLICATE_SOP_INSTANCE, failureReasonOf } from './failure-reason.ts'
import { timeOfId } from './instance-id.ts'
import type { InstanceLayout } from './instance-layout.ts'
import { instanceKey } from './object-key.ts'
import type { CommitOutcome, PendingInstance } from './pending-instance.ts'
import { quarantineInstance } from './quarantine-instance.ts'
import { findSameInstance } from './known-instances.ts'
import { NoRoom, receiveBytes, Refusal, type ScannedBytes } from './receive-bytes.ts'
import { leftOf } from '../organisations/storage-room.ts'
import type { InstanceIdentity, InstanceSource, RejectionReason, StoreOutcome } from './store-outcome.ts'

export interface StoreRequest {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly source: InstanceSource
  /** Only instances of this study are stored (STOW-RS `/studies/{study}`). */
  readonly requiredStudyInstanceUid?: string | undefined
  /** Exact size of `bytes`, when the caller knows it. */
  readonly size?: number | undefined
  /** Nobody but the archive has the chunks of `bytes`: it gives back their memory as it goes. */
  readonly ownsChunks?: boolean
}

/** What a sender is shown of an instance it sent: read from its own bytes. */
export interface ReceivedAttributes {
  readonly patientName: DicomJsonPersonName | undefined
  readonly patientId: string
  readonly studyDescription: string
  readonly studyDate: string
  readonly modality: string
}

export type StoreAnswer = StoreOutcome & { readonly attributes?: ReceivedAttributes }

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'log'>

/** The warning of an instance whose study has another patient: stored, and for a person to look at. */
export const PATIENT_DIFFERS = 'The study has instances of another patient.'

/**
 * Stores one received instance: the one way in, whatever the door. The bytes flow once, to a new opaque key; when they
 * are durable one transaction writes the rows and the work still to do; only then does this resolve 'stored'.
 *
 * Resolves for everything expected (see StoreOutcome): nothing is kept of a duplicate or a rejected instance, and a
 * conflicting one goes to quarantine. Errors: kind 'unavailable' when a part does not answer (send it again: what was
 * kept meanwhile comes out as a duplicate), and whatever `bytes` throws; then nothing is kept.
 */
export async function storeInstance(
  pacs: Parts,
  principal: Principal,
  request: StoreRequest,
): Promise<StoreAnswer> {
  if (!mayStore(principal, request.source))
    return rejected('not-allowed', 'The sender may not store instances.')
  const room =
    request.source === 'report' ? Infinity : leftOf(await pacs.ingest.rooms.of(principal.organisationId))
  const id = pacs.ingest.nextId()
  const receivedBy = principal.kind === 'user' ? principal.userId : undefined
  const key = instanceKey({
    organisationId: principal.organisationId,
    id,
    receivedBy,
    source: request.source,
  })
  const received = await receiveBytes(pacs.objects, key, request.bytes, {
    size: request.size,
    ownsChunks: request.ownsChunks,
    room,
    check: (scanned) => studyMismatch(scanned, request.requiredStudyInstanceUid),
  })
  if (received instanceof Refusal) return (await sameAsBefore(pacs, principal, received)) ?? refused(received)
  const pending = pendingInstance(received, {
    organisationId: principal.organisationId,
    instanceId: id,
    objectKey: key,
    source: request.source,
    receivedBy,
    sender: principal,
  })
  const outcome = await settle(pacs, pending, received.scanned.warnings)
  return { ...outcome, attributes: receivedAttributes(received.scanned.header) }
}

/**
 * Commits, and puts the bytes where the outcome says. A commit that failed half way leaves them: it may have happened, and
 * the sweep removes what no row names.
 */
async function settle(
  pacs: Parts,
  pending: PendingInstance,
  warnings: readonly string[],
): Promise<StoreOutcome> {
  const { identity, instanceId, sha256, size } = pending
  const outcome = await commit(pacs, pending)
  const stored = { kind: 'stored', ...identity, instanceId, sha256, size, warnings } as const
  switch (outcome.kind) {
    case 'stored':
      return outcome.patientDiffers ? { ...stored, warnings: [...warnings, PATIENT_DIFFERS] } : stored
    case 'duplicate':
      // Its own row: the commit had happened though its answer was lost, or a reindex was quicker. The bytes are in use.
      if (outcome.instanceId === instanceId) return stored
      await discard(pacs, pending.objectKey)
      return { kind: 'duplicate', ...identity, instanceId: outcome.instanceId, sha256, size, warnings }
    case 'conflict': {
      const quarantineId = await quarantineInstance(pacs, pending, outcome.instanceId)
      const failureReason = DUPLICATE_SOP_INSTANCE
      return { kind: 'conflict', ...identity, failureReason, reason: 'instance-differs', quarantineId }
    }
  }
}

/** What there is no room for needs none where the archive has it: a sender that repeats itself is told so. */
async function sameAsBefore(
  pacs: Parts,
  principal: Principal,
  refusal: Refusal,
): Promise<StoreAnswer | undefined> {
  if (!(refusal instanceof NoRoom) || refusal.received === undefined) return undefined
  const { scanned, sha256, size } = refusal.received
  const identity = identityOf(scanned)
  const instanceId = await findSameInstance(pacs, principal, { sha256, ...identity })
  if (instanceId === undefined) return undefined
  const attributes = receivedAttributes(scanned.header)
  return {
    kind: 'duplicate',
    ...identity,
    instanceId,
    sha256,
    size,
    warnings: scanned.warnings,
    attributes,
  }
}

const DID_NOT_HAPPEN = new Set([DATABASE_UNREACHABLE, DATABASE_FULL])

async function commit(pacs: Parts, pending: PendingInstance): Promise<CommitOutcome> {
  try {
    return await pacs.ingest.commit(pending)
  } catch (error) {
    // No row names the bytes, and none will: an archive without its database must not fill up with what nobody has.
    if (isYunyingError(error) && DID_NOT_HAPPEN.has(error.code)) await discard(pacs, pending.objectKey)
    throw error
  }
}

/** The instance as the writer takes it, from its scan and what is known of its arrival. */
export function pendingInstance(
  { scanned, sha256, size, head }: ScannedBytes,
  arrival: Pick<
    PendingInstance,
    'organisationId' | 'instanceId' | 'objectKey' | 'source' | 'receivedBy' | 'sender'
  >,
): PendingInstance {
  return {
    ...arrival,
    identity: identityOf(scanned),
    transferSyntaxUid: scanned.transferSyntaxUid,
    sha256,
    size,
    receivedAt: timeOfId(arrival.instanceId),
    header: scanned.header,
    head,
    layout: layoutOf(scanned),
  }
}

function identityOf({ identity }: ScannedInstance): InstanceIdentity {
  return {
    studyInstanceUid: identity.studyInstanceUid,
    seriesInstanceUid: identity.seriesInstanceUid,
    sopInstanceUid: identity.sopInstanceUid,
    sopClassUid: identity.sopClassUid,
  }
}

function layoutOf(scanned: ScannedInstance): InstanceLayout {
  return {
    datasetOffset: scanned.datasetOffset,
    headerEnd: scanned.headerEnd,
    hasPreamble: scanned.hasPreamble,
    hasMeta: scanned.hasMeta,
    frames: scanned.frames,
    ...(scanned.pixels ? { pixels: scanned.pixels } : {}),
  }
}

function receivedAttributes(header: DicomJson): ReceivedAttributes {
  const text = (tag: string): string => firstString(header, tag) ?? ''
  return {
    patientName: firstPersonName(header, '00100010'),
    patientId: text('00100020'),
    studyDescription: text('00081030'),
    studyDate: text('00080020'),
    modality: text('00080060'),
  }
}

function studyMismatch(scanned: ScannedInstance, required: string | undefined): Refusal | undefined {
  if (required === undefined || required === scanned.identity.studyInstanceUid) return undefined
  return new Refusal(
    'study-mismatch',
    'The instance belongs to another study than the request names.',
    scanned,
  )
}

function refused({ reason, message, scanned }: Refusal): StoreAnswer {
  if (scanned === undefined) return rejected(reason, message)
  return {
    ...rejected(reason, message),
    ...identityOf(scanned),
    attributes: receivedAttributes(scanned.header),
  }
}

/** Who may not bring instances in may still have the archive make one of their work. */
function mayStore(principal: Principal, source: InstanceSource): boolean {
  if (source !== 'report') return principalCan(principal, 'instance.store')
  return principalCan(principal, 'measurement.save') || principalCan(principal, 'annotation.save')
}

const rejected = (reason: RejectionReason, message: string) =>
  ({ kind: 'rejected', reason, failureReason: failureReasonOf(reason), message }) as const

/** Removes bytes that no row will name; left for the sweep when the store does not answer just now. */
async function discard(pacs: Parts, key: PendingInstance['objectKey']): Promise<void> {
  try {
    await pacs.objects.delete(key)
  } catch (error) {
    if (!isYunyingError(error) || error.kind !== 'unavailable') throw error
    pacs.log.warn({ err: error }, 'an object without a row was left for the sweep')
  }
}
