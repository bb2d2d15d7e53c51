import { z } from 'zod'
import { REPORT_LANGUAGES } from '../measurements/report/identifier.ts'
import { Segment } from '../measurements/segments/segment.ts'

// --- GET, PUT /api/studies/{studyInstanceUid}/segments: what I outlined on the study and have not saved yet
/** `version`: see MarkDraft. */
export const SegmentDraft = z.object({
  version: z.number().int().min(0),
  segments: z.array(Segment).max(64),
})
export type SegmentDraft = z.infer<typeof SegmentDraft>

// --- POST /api/studies/{studyInstanceUid}/segmentations: segments of my draft, stored as DICOM segmentations
export const SaveSegments = z.object({
  language: z.enum(REPORT_LANGUAGES),
  /** Of the draft: what is saved is what the reader has seen. */
  version: z.number().int().min(1),
  /** Tracking UIDs. */
  segments: z.array(z.string().max(64)).min(1).max(64),
})
export type SaveSegments = z.infer<typeof SaveSegments>

/** `version`: of the draft, without what was saved. A segmentation for each series. */
export const SavedSegments = z.object({
  version: z.number().int(),
  segmentations: z.array(
    z.object({
      sopInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      /** Of what it was drawn on. */
      drawnOn: z.string(),
    }),
  ),
})
export type SavedSegments = z.infer<typeof SavedSegments>
