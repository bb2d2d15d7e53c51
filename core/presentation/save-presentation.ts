import type { Principal } from '../access/principal.ts'
import type { ReadableStudy } from '../access/require-study.ts'
import { instanceMetadataTexts } from '../archive/instance-metadata.ts'
import { getSeriesId, listInstances, type InstanceRecord } from '../archive/instance-record.ts'
import type { SavedPresentation, SavePresentation } from '../contract/presentation.ts'
import type { DicomJson } from '../dicom/dicom-json.ts'
import { isInverted } from '../dicom/grayscale.ts'
import { pixelDescription, type PixelDescription } from '../dicom/pixel-description.ts'
import { Tag } from '../dicom/tag.ts'
import { newUid } from '../dicom/uid.ts'
import { invalid } from '../errors.ts'
import { nextSeriesNumber, observerName, storeMade } from '../measurements/report/store-made.ts'
import type { Pacs } from '../pacs.ts'
import { buildPresentationState, type PresentedImage } from './build-presentation-state.ts'

type Parts = Pick<Pacs, 'database' | 'objects' | 'ingest' | 'clock' | 'log'>

/** Of instances whose metadata are read at a time. */
const BATCH = 100

/**
 * Keeps how somebody looks at a series, and what they drew on it, as a presentation state that is stored as any instance. It is
 * for those images of the series that are as the one on screen: of its size, polarity and modality transformation.
 *
 * Errors: 'not-found' for a series that is not of this study; 'invalid' code 'image-unknown' for an image that is not of the
 * series, 'not-grey' for one in colour; 'forbidden' for those who may not add to the study.
 */
export async function savePresentation(
  pacs: Parts,
  principal: Principal,
  study: ReadableStudy,
  wanted: SavePresentation,
): Promise<SavedPresentation> {
  const seriesId = await getSeriesId(pacs.database, study.studyId, wanted.seriesInstanceUid)
  const found = await imagesOf(pacs, seriesId)
  const shown = found.find(({ image }) => image.sopInstanceUid === wanted.sopInstanceUid)
  if (shown === undefined) throw invalid('image-unknown', 'The image is not of this series.')
  if (
    shown.image.pixels.samplesPerPixel > 1 ||
    shown.image.pixels.photometricInterpretation === 'PALETTE COLOR'
  ) {
    throw invalid('not-grey', 'Presentation states of colour images are not made here.')
  }
  const alike = alikeness(shown.image.pixels)
  const uids = { sopInstanceUid: newUid(), seriesInstanceUid: newUid() }
  const dataset = buildPresentationState({
    ...uids,
    instance: shown.metadata,
    observer: await observerName(pacs, principal),
    language: wanted.language,
    seriesNumber: await nextSeriesNumber(pacs, study),
    at: new Date(pacs.clock.now()),
    seriesOfImages: wanted.seriesInstanceUid,
    name: wanted.name,
    images: found.map(({ image }) => image).filter(({ pixels }) => alikeness(pixels) === alike),
    look: {
      ...wanted.look,
      window: wanted.look.window ?? undefined,
      automatic: wanted.look.automatic ?? undefined,
    },
    marks: wanted.marks,
  })
  await storeMade(pacs, principal, study, dataset)
  return uids
}

interface FoundImage {
  readonly image: PresentedImage
  readonly metadata: DicomJson
}

async function imagesOf(pacs: Parts, seriesId: string): Promise<FoundImage[]> {
  const found: FoundImage[] = []
  let batch: InstanceRecord[] = []
  const read = async (): Promise<void> => {
    const texts = await instanceMetadataTexts(pacs, batch)
    batch.forEach((record, index) => {
      if (record.layout.pixels === undefined) return
      const metadata = JSON.parse(texts[index] ?? '{}') as DicomJson
      const { sopInstanceUid, sopClassUid } = record
      found.push({
        image: { sopInstanceUid, sopClassUid, pixels: pixelDescription(record.layout.pixels, metadata, 1) },
        metadata,
      })
    })
    batch = []
  }
  for await (const record of listInstances(pacs.database, { seriesId })) {
    batch.push(record)
    if (batch.length === BATCH) await read()
  }
  await read()
  return found
}

/** What all images of a state have in common. */
const alikeness = (pixels: PixelDescription): string =>
  JSON.stringify([
    pixels.rows,
    pixels.columns,
    pixels.samplesPerPixel,
    isInverted(pixels),
    [Tag.RescaleSlope, Tag.RescaleIntercept, Tag.ModalityLUTSequence].map((tag) => pixels.presentation[tag]),
  ])
