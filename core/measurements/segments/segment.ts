import { z } from 'zod'
import type { Code } from '../shapes.ts'

/** What is outlined, as far as a reader says. */
export const SEGMENT_KINDS = [
  'lesion',
  'mass',
  'nodule',
  'neoplasm',
  'cyst',
  'haemorrhage',
  'oedema',
  'lymph-node',
  'organ',
  'tissue',
] as const
export const SegmentKind = z.enum(SEGMENT_KINDS)
export type SegmentKind = z.infer<typeof SegmentKind>

const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning })
const ABNORMAL = sct('49755003', 'Morphologically Abnormal Structure')
const ANATOMY = sct('91723000', 'Anatomical Structure')
const TISSUE = sct('85756007', 'Tissue')

/** Category and type of a segment (PS3.3 C.8.20.2; PS3.16 CID 7150, 7151 and 7159). */
export const SEGMENT_CODES: Readonly<Record<SegmentKind, { readonly category: Code; readonly type: Code }>> =
  {
    lesion: { category: ABNORMAL, type: sct('52988006', 'Lesion') },
    mass: { category: ABNORMAL, type: sct('4147007', 'Mass') },
    nodule: { category: ABNORMAL, type: sct('27925004', 'Nodule') },
    neoplasm: { category: ABNORMAL, type: sct('108369006', 'Neoplasm') },
    cyst: { category: ABNORMAL, type: sct('367643001', 'Cyst') },
    haemorrhage: { category: ABNORMAL, type: sct('50960005', 'Hemorrhage') },
    oedema: { category: ABNORMAL, type: sct('79654002', 'Edema') },
    'lymph-node': { category: ANATOMY, type: sct('59441001', 'Lymph Node') },
    organ: { category: ANATOMY, type: sct('91772007', 'Organ') },
    tissue: { category: TISSUE, type: TISSUE },
  }

const uid = z
  .string()
  .max(64)
  .regex(/^\d+(\.\d+)*$/)
const channel = z.number().int().min(0).max(255)

/** An image is seldom larger, and a segment of it never of more detail. Characters: see `Runs`. */
const LONGEST_RUNS = 400_000
/** Detectors of 8,192 pixels a side are the largest there are. */
const LARGEST_SIDE = 16_384

/** What is painted on one frame; a frame without paint is not there. */
export const PaintedSlice = z.object({
  sopInstanceUid: uid,
  /** 1-based. */
  frameNumber: z.number().int().positive(),
  /** See `Runs`. */
  runs: z
    .string()
    .min(1)
    .max(LONGEST_RUNS)
    .regex(/^[A-Za-z0-9+/]+=*$/),
})
export type PaintedSlice = z.infer<typeof PaintedSlice>

/** What a reader outlines in one series, frame by frame. */
export const Segment = z.object({
  /** Follows it through all documents. */
  trackingUid: uid,
  /** What the reader called it; empty when it has no name. */
  label: z
    .string()
    .max(64)
    .regex(/^[^\\\x00-\x1f\x7f]*$/),
  kind: SegmentKind,
  colour: z.tuple([channel, channel, channel]),
  /** Not drawn, but kept. */
  hidden: z.boolean(),
  /** Not all of it is by a free hand: by a threshold, or filled between images. */
  assisted: z.boolean(),
  studyInstanceUid: uid,
  seriesInstanceUid: uid,
  rows: z.number().int().positive().max(LARGEST_SIDE),
  columns: z.number().int().positive().max(LARGEST_SIDE),
  slices: z.array(PaintedSlice).max(4000),
})
export type Segment = z.infer<typeof Segment>

/** Whether a segment is painted on frames of this kind: of one series, and one size. */
export const isOfGrid = (
  segment: Pick<Segment, 'seriesInstanceUid' | 'rows' | 'columns'>,
  grid: Pick<Segment, 'seriesInstanceUid' | 'rows' | 'columns'>,
): boolean =>
  segment.seriesInstanceUid === grid.seriesInstanceUid &&
  segment.rows === grid.rows &&
  segment.columns === grid.columns
