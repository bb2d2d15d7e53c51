import type { UploadResult } from '../../core/contract/api.ts'
import type { FoundFile, SkipReason } from './found-file.ts'

/**
 * found → inspecting → checking → ready → sending → an end. `failed` is an end a person may try again;
 * the others are the archive's answer, or ours that the file is no DICOM.
 */
export type ItemState =
  | 'found'
  | 'inspecting'
  | 'checking'
  | 'ready'
  | 'sending'
  | 'stored'
  | 'duplicate'
  | 'conflict'
  | 'rejected'
  | 'skipped'
  | 'failed'

export const END_STATES = ['stored', 'duplicate', 'conflict', 'rejected', 'skipped', 'failed'] as const
export type EndState = (typeof END_STATES)[number]

/** The archive's answer about one file, as far as it is known here. */
export type ItemAnswer = Pick<UploadResult, 'studyInstanceUid'> &
  Partial<Pick<UploadResult, 'patientName' | 'patientId' | 'studyDescription' | 'studyDate' | 'modality'>>

/** One file on its way. Changed in place by the queue alone; whoever shows it reads it when told of a change. */
export interface UploadItem {
  readonly path: string
  readonly size: number
  readonly lastModified: number
  readonly file: FoundFile | undefined
  state: ItemState
  /** Why it was refused, skipped or failed: RejectionReason, 'instance-differs', SkipReason or an error's code. */
  reason: string | undefined
  sha256: string | undefined
  /** Bytes that have gone over in the current attempt. */
  sent: number
  /** Whether an attempt was made whose answer never came: then 'already there' means that it arrived. */
  attempted: boolean
  /** A request with others was refused as a whole: this one is asked by itself. */
  alone: boolean
  answer: ItemAnswer | undefined
}

export function isEnd(state: ItemState): state is EndState {
  return (END_STATES as readonly ItemState[]).includes(state)
}

export function newItem(file: FoundFile): UploadItem {
  return { ...blank(file.path, file.size), lastModified: file.lastModified, file }
}

export function skippedItem(path: string, size: number, reason: SkipReason): UploadItem {
  return { ...blank(path, size), state: 'skipped', reason }
}

function blank(path: string, size: number): UploadItem {
  return {
    path,
    size,
    lastModified: 0,
    file: undefined,
    state: 'found',
    reason: undefined,
    sha256: undefined,
    sent: 0,
    attempted: false,
    alone: false,
    answer: undefined,
  }
}
