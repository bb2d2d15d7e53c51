import type { DicomJsonPersonName } from '../dicom-json.ts'

/** An image, or some of its frames, that a document names. */
export interface ImageReference {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  /** 1-based; empty: all of them. */
  readonly frameNumbers: readonly number[]
  /** The series it is in, where the document's evidence says so (PS3.3 C.17.2.3). */
  readonly seriesInstanceUid: string | undefined
  readonly studyInstanceUid: string | undefined
}

/** What a content item says, by its value type (PS3.3 C.17.3.2). */
export type ReportValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly meaning: string; readonly code: string }
  /** As it was written; `qualifier` says why there is no number, or what kind of one it is. */
  | { readonly kind: 'number'; readonly number: string; readonly unit: string; readonly qualifier: string }
  | { readonly kind: 'person'; readonly name: DicomJsonPersonName }
  /** As DICOM writes them: YYYYMMDD, HHMMSS, both. */
  | { readonly kind: 'date' | 'time' | 'date-time'; readonly text: string }
  | { readonly kind: 'uid'; readonly uid: string }
  /** `isImage`: it can be shown as one; else another object, or a waveform. */
  | { readonly kind: 'reference'; readonly isImage: boolean; readonly to: ImageReference }
  /** A place drawn on an image, or in the patient. */
  | { readonly kind: 'region'; readonly shape: string; readonly points: number; readonly inSpace: boolean }
  /** When, in a signal or a cine. */
  | { readonly kind: 'moments'; readonly range: string; readonly positions: readonly number[] }
  /** A value type that the standard got later, or that is none. */
  | { readonly kind: 'unknown'; readonly valueType: string }

export interface ReportItem {
  /** CONTAINS, HAS PROPERTIES, INFERRED FROM, …; empty for the root. */
  readonly relationship: string
  /** What the value is of; empty where none is named. */
  readonly name: string
  /** Undefined: a container, which is a heading over what it contains. */
  readonly value: ReportValue | undefined
  /** HAS CONCEPT MOD: what narrows the name. */
  readonly modifiers: readonly ReportItem[]
  /** HAS OBS CONTEXT, HAS ACQ CONTEXT: who observed, of whom, how it was acquired. */
  readonly context: readonly ReportItem[]
  readonly children: readonly ReportItem[]
  /** Of a container: its items are one running text. */
  readonly isRunning: boolean
  /** It stands elsewhere in the document, too: a reference to that place led here. */
  readonly isByReference: boolean
}

export interface Verification {
  readonly name: DicomJsonPersonName | undefined
  readonly organisation: string
  /** DT, as DICOM writes it. */
  readonly dateTime: string
}

/** A structured report or a key object selection, as it is to be read. */
export interface ReportDocument {
  readonly sopInstanceUid: string
  readonly sopClassUid: string
  readonly title: string
  /** COMPLETE or PARTIAL; undefined where the kind of document has no such thing. */
  readonly completion: 'complete' | 'partial' | undefined
  readonly completionText: string
  readonly isPreliminary: boolean
  /** Undefined where the kind of document has no such thing. */
  readonly isVerified: boolean | undefined
  readonly verifications: readonly Verification[]
  readonly contentDate: string
  readonly contentTime: string
  readonly language: string
  readonly manufacturer: string
  /** The root: modifiers and context are of the whole document. */
  readonly root: ReportItem
  /** Some of it lies deeper than any document of sense, and was left out. */
  readonly isCut: boolean
}

/** A key object selection (PS3.3 A.35.4): which images, and why. */
export interface KeyObjects {
  readonly title: string
  /** Why they were rejected, or what is wrong with them. */
  readonly reasons: readonly string[]
  readonly descriptions: readonly string[]
  readonly images: readonly ImageReference[]
  /** Named, and no images: reports, waveforms. */
  readonly others: readonly ImageReference[]
  readonly observers: readonly ReportItem[]
}
