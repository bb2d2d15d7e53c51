/**
 * Every kind of work done later, and what its key is. Keys are our Ids (uuid), never UIDs.
 *
 * - `extract-metadata` (seriesId): DICOM JSON of each instance that has none yet; then the series metadata object.
 * - `render-thumbnails` (seriesId): the series' representative thumbnail (the middle instance).
 * - `reconcile-study` (studyId): counts, modalities, dates and the representative of study and series, recomputed.
 * - `make-renditions` (seriesId): HTJ2K of each instance that deserves one and has none; after all other work.
 * - `prepare-share` (shareId): the copy that a link shows of a part of a study, or without names.
 * - `remove-study` (studyId): a study whose time is over, or the rest of one whose removal was begun.
 */
export const JOB_KINDS = [
  'extract-metadata',
  'render-thumbnails',
  'reconcile-study',
  'make-renditions',
  'prepare-share',
  'remove-study',
] as const

export type JobKind = (typeof JOB_KINDS)[number]
/** What an arriving instance asks for; `make-renditions` is asked for when its metadata are there. */
export type ArrivalKind = Exclude<JobKind, 'make-renditions' | 'prepare-share' | 'remove-study'>
