import type { Principal } from '../access/principal.ts'
import { listInstances, type InstanceRecord } from '../archive/instance-record.ts'
import { recordAudit } from '../audit/record-audit.ts'
import { ShareDeidentify } from '../contract/sharing.ts'
import { pseudonyms, type Pseudonyms } from '../deidentify/pseudonyms.ts'
import { YunyingError } from '../errors.ts'
import { publishRegistry } from '../identity/registry.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import { copyInstance } from './copy-instance.ts'
import { isChosen, requestFor } from './copy-request.ts'
import { grantGuest } from './create-share.ts'
import type { RefusedInstance } from './share-link.ts'
import { findUnprepared, openVault, type ShareOfVault } from './vault.ts'

/** How often whoever waits is told how far it is. */
const TELL_EVERY = 10

interface Copying {
  readonly share: ShareOfVault
  readonly vault: Principal
  /** Undefined: instances are copied as they are. */
  readonly deidentify: ShareDeidentify | undefined
  readonly pseudonyms: Pseudonyms | undefined
}

/**
 * Makes the copy that a link shows: of each chosen instance of its study, de-identified where the link says so, stored in the
 * vault like any other, and then the grant that opens it. Begun again it goes on where it was: the same instance becomes the
 * same bytes, and one that is there is not made twice. Instances that cannot be in it are named on the link, with the reason;
 * a link that could show nothing is taken back. Errors: 'unavailable' code 'worker-stopping' when the signal aborts.
 */
export async function prepareVault(pacs: Pacs, shareId: string, signal: AbortSignal): Promise<void> {
  const unprepared = await findUnprepared(pacs, shareId)
  if (unprepared === undefined) return
  const copying = copyingOf(await openVault(pacs, unprepared))
  const { share } = copying
  const chosen: InstanceRecord[] = []
  for await (const instance of listInstances(pacs.database, { studyId: share.study_id }))
    if (isChosen(share.selection, instance)) chosen.push(instance)
  const present = await presentUids(pacs.database, share.vault_id)
  const refused: RefusedInstance[] = []
  for (const [index, instance] of chosen.entries()) {
    if (signal.aborted)
      throw new YunyingError('unavailable', 'worker-stopping', 'The work goes on when the worker is back.')
    if (
      index % TELL_EVERY === 0 &&
      !(await keepProgress(pacs.database, share.share_id, index, chosen.length))
    )
      return
    const { sopInstanceUid } = instance
    if (present.has(uidInVault(copying, sopInstanceUid))) continue
    const code = await copyInstance(pacs, instance, copying.vault, howOf(copying, instance), signal)
    if (code !== undefined) refused.push({ sopInstanceUid, code })
  }
  await finish(pacs, copying, chosen.length, refused)
}

function copyingOf(share: ShareOfVault): Copying {
  const deidentify = share.deidentify === null ? undefined : ShareDeidentify.parse(share.deidentify)
  const secret = share.deidentify?.['secret']
  return {
    share,
    vault: { kind: 'system', organisationId: share.vault_id, reason: 'share-copy' },
    deidentify,
    pseudonyms:
      deidentify === undefined
        ? undefined
        : pseudonyms(Buffer.from(typeof secret === 'string' ? secret : '', 'base64')),
  }
}

async function presentUids(database: Queryable, vaultId: string): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ uid: string }>(
    'select sop_instance_uid as uid from instance where organisation_id = $1',
    [vaultId],
  )
  return new Set(rows.map(({ uid }) => uid))
}

const uidInVault = ({ deidentify, pseudonyms: made }: Copying, uid: string): string =>
  made === undefined || deidentify?.keepUids === true ? uid : made.uid(uid)

const howOf = ({ deidentify, pseudonyms: made }: Copying, instance: InstanceRecord) =>
  deidentify === undefined || made === undefined ? undefined : requestFor(deidentify, made, instance)

/** False when the link was closed meanwhile: nobody waits any more. */
async function keepProgress(
  database: Queryable,
  shareId: string,
  done: number,
  total: number,
): Promise<boolean> {
  const rows = await database.query(
    `update share_link set instances_done = $2, instances_total = $3
     where share_id = $1 and revoked_at is null and expires_at > now() returning 1`,
    [shareId, done, total],
  )
  return rows.length > 0
}

async function finish(
  pacs: Pacs,
  { share, vault, deidentify }: Copying,
  total: number,
  refused: readonly RefusedInstance[],
): Promise<void> {
  const maker: Principal = {
    kind: 'system',
    organisationId: share.organisation_id,
    reason: 'share-copy',
  }
  await pacs.database.transaction(async (tx) => {
    const [study] = await tx.query<{ study_id: string }>(
      'select study_id from study where organisation_id = $1 limit 1',
      [vault.organisationId],
    )
    const closed = await tx.query<{ revoked_at: Date | null }>(
      `update share_link set ready_at = now(), instances_done = $2, instances_total = $3, refused = $4::jsonb,
         revoked_at = case when $5 then revoked_at else coalesce(revoked_at, now()) end
       where share_id = $1 returning revoked_at`,
      [share.share_id, total - refused.length, total, JSON.stringify(refused), study !== undefined],
    )
    if (study !== undefined && closed[0]?.revoked_at === null)
      await grantGuest(tx, study.study_id, share.guest_id, share.expires_at)
    await recordAudit(tx, maker, {
      event: 'export',
      outcome: study === undefined ? 'failure' : 'success',
      studyId: share.study_id,
      studyInstanceUid: share.study_instance_uid,
      detail: {
        share: share.share_id,
        deidentified: deidentify !== undefined,
        partial: share.selection !== null,
        instances: total - refused.length,
        refused: refused.length,
        ...(deidentify === undefined ? {} : { pixels: deidentify.pixels }),
      },
    })
    await tx.query(`select pg_notify('share_changed', $1)`, [
      JSON.stringify({
        organisationId: share.organisation_id,
        userId: share.created_by,
        shareId: share.share_id,
        change: study === undefined ? 'failed' : 'ready',
      }),
    ])
  })
  await publishRegistry(pacs)
}
