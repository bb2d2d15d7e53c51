import type { UploadResult } from '../../core/contract/api.ts'

/** One file to send, opened. */
export interface OutgoingFile {
  readonly blob: Blob
  readonly sha256: string
  readonly size: number
}

export interface SendOptions {
  readonly signal: AbortSignal
  /** Bytes of this request that have gone over. */
  readonly onProgress: (sent: number) => void
}

/** Where a file lies that the archive already has. */
export interface KnownPlace {
  readonly sha256: string
  readonly studyInstanceUid: string
}

/**
 * The far side, as the queue sees it.
 *
 * Errors: ApiError; `passes` says whether to wait and try again. An abort rejects.
 */
export interface UploadTransport {
  /** Which of these the archive already has. */
  known(sha256: readonly string[], signal: AbortSignal): Promise<readonly KnownPlace[]>
  /** Many small files in one request; the answers in the order of the files. */
  sendBatch(files: readonly OutgoingFile[], options: SendOptions): Promise<readonly UploadResult[]>
  /** One large file, in pieces that survive a broken connection. */
  sendLarge(file: OutgoingFile, options: SendOptions): Promise<UploadResult>
}
