/** How instances come in; `report`: made here, of what a reader measured; `share`: copied for the guest of a link. */
export const INSTANCE_SOURCES = [
  'stow-rs',
  'upload',
  'c-store',
  'sample',
  'command-line',
  'report',
  'share',
] as const
export type InstanceSource = (typeof INSTANCE_SOURCES)[number]

/**
 * What became of one instance. Expected outcomes are values, never throws; only a part that is down
 * (kind 'unavailable'), a cancelled request or a bug throws, and then nothing was kept.
 *
 * `failureReason` is PS3.18 Table I.2-2 / PS3.4 Annex GG; `reason` is stable and the viewer has a sentence for each, in each language.
 */
export type StoreOutcome =
  | StoredInstance
  | (Omit<StoredInstance, 'kind'> & { readonly kind: 'duplicate' })
  | (InstanceIdentity & {
      readonly kind: 'conflict'
      readonly failureReason: number
      readonly reason: 'instance-differs'
      readonly quarantineId: string
    })
  | (Partial<InstanceIdentity> & {
      readonly kind: 'rejected'
      readonly failureReason: number
      readonly reason: RejectionReason
      /** English, for a log or a DICOM client; names no patient. */
      readonly message: string
    })

export interface InstanceIdentity {
  readonly studyInstanceUid: string
  readonly seriesInstanceUid: string
  readonly sopInstanceUid: string
  readonly sopClassUid: string
}

export interface StoredInstance extends InstanceIdentity {
  readonly kind: 'stored'
  readonly instanceId: string
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** What was read leniently (docs/decisions has the rule), for the sender's WarningReason and the log. */
  readonly warnings: readonly string[]
}

export const REJECTION_REASONS = [
  'not-dicom',
  'dicomdir',
  'empty',
  'truncated',
  'identifier-missing',
  'identifier-invalid',
  'transfer-syntax-unsupported',
  'data-set-invalid',
  'header-too-large',
  'inflates-too-large',
  'instance-too-large',
  'study-mismatch',
  'not-allowed',
  'quota-exceeded',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]
