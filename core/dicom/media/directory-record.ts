import type { DicomJson } from '../dicom-json.ts'

/** The file that a directory record stands for (PS3.3 F.3.2.2). */
export interface ReferencedFile {
  /** Its File ID: the names on the way to it (PS3.10 8.2). */
  readonly fileId: readonly string[]
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly transferSyntaxUid: string
}

/** A record of a DICOMDIR and those below it. */
export interface DirectoryRecord {
  /** Directory Record Type: PATIENT, STUDY, SERIES, IMAGE … */
  readonly type: string
  /** Its keys. Text that is not ASCII is written in the file-set's character set, or else in UTF-8, and the record says so. */
  readonly keys: DicomJson
  readonly file?: ReferencedFile
  readonly lower: readonly DirectoryRecord[]
}
