import type { Principal } from '../../access/principal.ts'
import type { ReadableStudy } from '../../access/require-study.ts'
import { instanceMetadataTexts } from '../../archive/instance-metadata.ts'
import { findInstancesById, type InstanceRecord } from '../../archive/instance-record.ts'
import type { SavedSegments, SaveSegments, SegmentDraft } from '../../contract/segments.ts'
import { firstString, type DicomJson } from '../../dicom/dicom-json.ts'
import { pixelDescription } from '../../dicom/pixel-description.ts'
import { Tag } from '../../dicom/tag.ts'
import { newUid } from '../../dicom/uid.ts'
import { invalid, isYunyingError, YunyingError } from '../../errors.ts'
import type { Pacs } from '../../pacs.ts'
import { framePlanesOf, type FramePlane } from '../frame-planes.ts'
import { nextSeriesNumber, observerName, storeMade } from '../report/store-made.ts'
import { buildSegmentation, compressionOfSources, type SourceFrame } from './build-segmentation.ts'
import { pixelSpacing } from './pixel-spacing.ts'
import { readSegmentDraft, saveSegmentDraft } from './segment-drafts.ts'
import { isOfGrid, type PaintedSlice, type Segment } from './segment.ts'

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'clock' | 'log'>

/** Of instances whose metadata are read at a time. */
const BATCH = 100

/**
 * Makes segmentations of these segments of the draft, one for each series and size of image, and stores them as any instance;
 * once all are durable, and not before, the segments leave the draft: nothing is ever in neither.
 *
 * Errors: 'conflict' code 'draft-changed' when the draft is not the version that the reader saw; 'invalid' code
 * 'nothing-painted' for a segment without paint, 'image-unknown' for paint on an image that is not of the study, or not of
 * its size; 'forbidden' for those who may not save.
 */
export async function saveSegments(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  wanted: SaveSegments,
): Promise<SavedSegments> {
  const draft = await readSegmentDraft(pacs, principal, study)
  const uids = new Set(wanted.segments)
  const segments = draft.segments.filter(({ trackingUid }) => uids.has(trackingUid))
  if (draft.version !== wanted.version || segments.length < uids.size)
    throw new YunyingError('conflict', 'draft-changed', 'Segments of this study were changed meanwhile.')
  if (segments.some(({ slices }) => slices.length === 0))
    throw invalid('nothing-painted', 'Nothing is painted of a segment.')
  const observer = await observerName(pacs, principal)
  let seriesNumber = await nextSeriesNumber(pacs, study)
  const made: {
    readonly drawnOn: string
    readonly uids: Uids
    build(): ReturnType<typeof buildSegmentation>
  }[] = []
  for (const group of byGrid(segments)) {
    const { images, sourceOf } = await sourcesOf(pacs, study, group)
    const [instance = {}] = images
    const [own] = group
    const named = { sopInstanceUid: newUid(), seriesInstanceUid: newUid(), seriesNumber: seriesNumber++ }
    const frameOfReference = firstString(instance, Tag.FrameOfReferenceUID)
    const input = {
      ...named,
      instance,
      observer,
      language: wanted.language,
      at: new Date(pacs.clock.now()),
      seriesOfImages: own?.seriesInstanceUid ?? '',
      frameOfReference:
        frameOfReference === undefined
          ? undefined
          : {
              uid: frameOfReference,
              indicator: firstString(instance, Tag.PositionReferenceIndicator) ?? '',
            },
      compression: compressionOfSources(images),
      segments: group,
      sourceOf,
    }
    made.push({ drawnOn: input.seriesOfImages, uids: named, build: () => buildSegmentation(input) })
  }
  const segmentations: SavedSegments['segmentations'] = []
  for (const { drawnOn, uids: named, build } of made) {
    // One at a time: of a large stack it is many megabytes.
    const { dataset, pixels } = build()
    await storeMade(pacs, principal, study, dataset, pixels)
    const { sopInstanceUid, seriesInstanceUid } = named
    segmentations.push({ sopInstanceUid, seriesInstanceUid, drawnOn })
  }
  return { segmentations, version: await withoutSaved(pacs, principal, study, draft, segments) }
}

interface Uids {
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  readonly seriesNumber: number
}

function byGrid(segments: readonly Segment[]): Segment[][] {
  const groups: Segment[][] = []
  for (const segment of segments) {
    const group = groups.find(([first]) => first !== undefined && isOfGrid(segment, first))
    if (group === undefined) groups.push([segment])
    else group.push(segment)
  }
  return groups
}

interface Painted {
  /** Every attribute of the images, in no order. */
  readonly images: readonly DicomJson[]
  sourceOf(slice: PaintedSlice): SourceFrame
}

/** What is painted on, of the series that the segments say. */
async function sourcesOf(pacs: Parts, study: ReadableStudy, group: readonly Segment[]): Promise<Painted> {
  const uids = [...new Set(group.flatMap(({ slices }) => slices.map(({ sopInstanceUid }) => sopInstanceUid)))]
  const rows = await pacs.database.query<{ instance_id: string }>(
    `select i.instance_id from instance i join series se using (series_id)
     where i.study_id = $1 and se.series_instance_uid = $2 and i.sop_instance_uid = any($3::text[])`,
    [study.studyId, group[0]?.seriesInstanceUid ?? '', uids],
  )
  if (rows.length < uids.length) throw imageUnknown()
  const records = await findInstancesById(
    pacs.database,
    rows.map((row) => row.instance_id),
  )
  const found = new Map<
    string,
    { record: InstanceRecord; metadata: DicomJson; planes: (FramePlane | undefined)[] }
  >()
  for (let at = 0; at < records.length; at += BATCH) {
    const batch = records.slice(at, at + BATCH)
    const texts = await instanceMetadataTexts(pacs, batch)
    batch.forEach((record, index) => {
      const metadata = JSON.parse(texts[index] ?? '{}') as DicomJson
      found.set(record.sopInstanceUid, { record, metadata, planes: framePlanesOf(metadata) })
    })
  }
  const [{ rows: height, columns: width } = { rows: 0, columns: 0 }] = group
  return {
    images: [...found.values()].map(({ metadata }) => metadata),
    sourceOf({ sopInstanceUid, frameNumber }) {
      const image = found.get(sopInstanceUid)
      const pixels = image?.record.layout.pixels
      if (image === undefined || pixels === undefined || frameNumber > pixels.numberOfFrames)
        throw imageUnknown()
      if (pixels.rows !== height || pixels.columns !== width) throw imageUnknown()
      return {
        sopInstanceUid,
        sopClassUid: image.record.sopClassUid,
        frameNumber,
        numberOfFrames: pixels.numberOfFrames,
        plane: image.planes[frameNumber - 1],
        spacing: pixelSpacing(pixelDescription(pixels, image.metadata, frameNumber).presentation),
      }
    },
  }
}

const imageUnknown = (): YunyingError =>
  invalid('image-unknown', 'A segment is painted on an image that is not of this series.')

/** What another window changed meanwhile stays in the draft, though the segmentation has it as it was. Answers the new version. */
async function withoutSaved(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  draft: SegmentDraft,
  saved: readonly Segment[],
): Promise<number> {
  const texts = new Set(saved.map((segment) => JSON.stringify(segment)))
  const segments = draft.segments.filter((segment) => !texts.has(JSON.stringify(segment)))
  try {
    return await saveSegmentDraft(pacs, principal, study, { version: draft.version, segments })
  } catch (error) {
    if (!isYunyingError(error) || error.code !== 'draft-changed') throw error
    const newer = await readSegmentDraft(pacs, principal, study)
    return withoutSaved(pacs, principal, study, newer, saved)
  }
}
