import type { z } from 'zod'
import type { ShareView } from '../../../core/contract/sharing.ts'
import { shareState, type ShareRow } from '../../../core/sharing/share-link.ts'

/** How the link is locked. */
export const lockOf = (share: ShareRow): z.infer<typeof ShareView>['lock'] =>
  share.one_time_code ? 'code' : share.passphrase_hash === null ? 'none' : 'passphrase'

/** A link as those who look after it see it: neither its token nor what it is locked with. */
export const presentShare = (share: ShareRow, now: number): z.infer<typeof ShareView> => ({
  shareId: share.share_id,
  studyInstanceUid: share.study_instance_uid,
  recipientName: share.recipient_name,
  recipientEmail: share.recipient_email,
  makerName: share.maker_name,
  createdAt: share.created_at.toISOString(),
  rights: share.rights,
  lock: lockOf(share),
  expiresAt: share.expires_at.toISOString(),
  mostOpens: share.most_opens,
  opens: share.opens,
  lastOpenedAt: share.last_opened_at?.toISOString() ?? null,
  watermark: share.watermark,
  deidentified: share.deidentify !== null,
  partial: share.selection !== null,
  state: shareState(share, now),
  instancesDone: share.instances_done,
  instancesTotal: share.instances_total,
  refused: share.refused,
})
