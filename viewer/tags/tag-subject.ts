import type { DicomJson } from '../../core/dicom/dicom-json.ts'

/** An image whose attributes are looked at. */
export interface TagSubject {
  /** What it is called beside others: series and number. */
  readonly name: string
  readonly metadata: DicomJson
}

/** The images of a room, as far as attributes are asked for. */
export interface TagQuestion {
  readonly own: TagSubject
  /** What it can be compared with, the likeliest first. */
  readonly others: readonly TagSubject[]
}
