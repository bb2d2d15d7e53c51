/** Why a file is not sent; there is a sentence for each in `locales/<language>/upload.json`. */
export const SKIP_REASONS = [
  'empty',
  'system-file',
  'dicomdir',
  'pdf',
  'picture',
  'video',
  'text',
  'program',
  'archive',
  'not-dicom',
  'zip-broken',
  'zip-encrypted',
  'zip-too-deep',
  'zip-too-many',
  'zip-bomb',
  'unreadable',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** A file somebody gave us, wherever it lies: on disk, or inside a ZIP. */
export interface FoundFile {
  /** For people only: `CT head/S0001/I0001`, `study.zip › I0001`. Nothing is ever written to it. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly lastModified: number
  /** The bytes, read anew each time: nothing is held in memory in between. */
  open(): Promise<Blob>
}

/** What a walk comes upon: a file, or something it cannot look into. */
export type Found =
  | { readonly kind: 'file'; readonly file: FoundFile }
  | { readonly kind: 'skipped'; readonly path: string; readonly size: number; readonly reason: SkipReason }
