import type { Principal } from '../access/principal.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { notFound, YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { isUuid } from './instance-id.ts'
import type { InstanceLayout } from './instance-layout.ts'
import { Refusal, scanOnly } from './receive-bytes.ts'
import { servedInstance, streamInstance } from './serve-instance.ts'
import { pendingInstance } from './store-instance.ts'
import type { InstanceIdentity, InstanceSource } from './store-outcome.ts'

/** An instance in quarantine, read again: it has no row that says where its parts are. */
export interface QuarantinedInstance extends InstanceIdentity {
  readonly quarantineId: string
  readonly organisationId: string
  readonly transferSyntaxUid: string
  readonly objectKey: ObjectKey
  /** Bytes. */
  readonly size: number
  readonly layout: InstanceLayout
}

/**
 * An entry of the principal's organisation, scanned from its bytes. Errors: 'not-found' code 'quarantine-entry-not-found';
 * 'conflict' code 'quarantine-unreadable' when its bytes are not what was received any more.
 */
export async function readQuarantined(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  quarantineId: string,
  signal: AbortSignal,
): Promise<QuarantinedInstance> {
  const [row] = isUuid(quarantineId)
    ? await pacs.database.query<{ object_key: ObjectKey; source: InstanceSource }>(
        'select object_key, source from quarantine where quarantine_id = $1 and organisation_id = $2',
        [quarantineId, principal.organisationId],
      )
    : []
  if (row === undefined)
    throw notFound('quarantine-entry-not-found', 'This entry is not there any more. Reload the list.')
  const scanned = await scanOnly(await pacs.objects.stream(row.object_key, undefined, signal))
  if (scanned instanceof Refusal) {
    throw new YunyingError(
      'conflict',
      'quarantine-unreadable',
      'The bytes of this entry are not as they were received. Run `verify`.',
    )
  }
  const { organisationId } = principal
  const { identity, transferSyntaxUid, size, layout } = pendingInstance(scanned, {
    organisationId,
    instanceId: quarantineId,
    objectKey: row.object_key,
    source: row.source,
    receivedBy: undefined,
    sender: undefined,
  })
  return {
    ...identity,
    quarantineId,
    organisationId,
    transferSyntaxUid,
    size,
    layout,
    objectKey: row.object_key,
  }
}

/** The instance as it leaves, audited: the received bytes, their preamble zeroed (docs/decisions/0005). Errors as `readQuarantined`. */
export async function openQuarantined(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  principal: Principal,
  quarantineId: string,
  signal: AbortSignal,
): Promise<{ readonly size: number; readonly body: AsyncIterable<Uint8Array> }> {
  const instance = await readQuarantined(pacs, principal, quarantineId, signal)
  await recordAudit(pacs.database, principal, {
    event: 'instances-transferred',
    outcome: 'success',
    studyInstanceUid: instance.studyInstanceUid,
    detail: { action: 'quarantine-downloaded', quarantineId },
  })
  return { size: servedInstance(instance).size, body: streamInstance(pacs, instance, signal) }
}
