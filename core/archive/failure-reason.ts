import type { RejectionReason } from './store-outcome.ts'

/** Another instance has this SOP Instance UID: Duplicate SOP Instance (PS3.7 Annex C). PS3.18 Table I.2-2 has no code of its own for it and allows others. */
export const DUPLICATE_SOP_INSTANCE = 0x0111

/** Processing failure (PS3.18 Table I.2-2): the fault is here, not in the instance. */
export const PROCESSING_FAILURE = 0x0110

const CANNOT_UNDERSTAND = 0xc000
const TRANSFER_SYNTAX_NOT_SUPPORTED = 0xc122
const DOES_NOT_MATCH = 0xa900
const OUT_OF_RESOURCES = 0xa700
const NOT_AUTHORIZED = 0x0124

const FAILURE_REASON = {
  'not-dicom': CANNOT_UNDERSTAND,
  dicomdir: CANNOT_UNDERSTAND,
  empty: CANNOT_UNDERSTAND,
  truncated: CANNOT_UNDERSTAND,
  'identifier-missing': DOES_NOT_MATCH,
  'identifier-invalid': DOES_NOT_MATCH,
  'transfer-syntax-unsupported': TRANSFER_SYNTAX_NOT_SUPPORTED,
  'data-set-invalid': CANNOT_UNDERSTAND,
  'header-too-large': OUT_OF_RESOURCES,
  'inflates-too-large': OUT_OF_RESOURCES,
  'instance-too-large': OUT_OF_RESOURCES,
  // A9xx: the data set does not match what the request says it is.
  'study-mismatch': 0xa901,
  'not-allowed': NOT_AUTHORIZED,
  'quota-exceeded': OUT_OF_RESOURCES,
} as const satisfies Record<RejectionReason, number>

/** The Failure Reason (0008,1197) that says best why an instance was refused. Source: PS3.18 Table I.2-2; PS3.7 Annex C. */
export const failureReasonOf = (reason: RejectionReason): number => FAILURE_REASON[reason]
