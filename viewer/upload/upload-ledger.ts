import type { EndState } from './upload-item.ts'

/** What a file became, kept over a reload. Names of patients are not kept, nor paths, which may hold them. */
export interface LedgerEntry {
  readonly state: Exclude<EndState, 'failed'>
  readonly reason: string | undefined
  readonly sha256: string | undefined
  readonly studyInstanceUid: string | null
}

/** Remembers what became of the files of an unfinished upload. */
export interface UploadLedger {
  find(file: LedgerFile): LedgerEntry | undefined
  record(file: LedgerFile, entry: LedgerEntry): void
}

export interface LedgerFile {
  readonly path: string
  readonly size: number
  readonly lastModified: number
}
