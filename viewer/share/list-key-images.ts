import type { DraftMark } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { isKeyObjects, readKeyObjects } from '../../core/dicom/report/read-document.ts'
import { Tag } from '../../core/dicom/tag.ts'

/** An image that a key object selection of its study names, or that the reader marked and has not saved. */
export interface KeyImage {
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  /** The first of its frames that is named; 1-based. */
  readonly frameNumber: number
  /** Of the selections; empty: it is marked and not saved. */
  readonly titles: readonly string[]
}

export interface KeyImagesOfStudy {
  readonly images: readonly KeyImage[]
  /** The selections themselves, each with what it names. */
  readonly selections: readonly { readonly sopInstanceUid: string; readonly names: readonly string[] }[]
}

/**
 * The key images that the selections of a study name in it, and those of the reader's draft; those of other studies are not
 * its to share.
 */
export function listKeyImages(
  studyInstanceUid: string,
  instances: readonly DicomJson[],
  draft: readonly DraftMark[],
): KeyImagesOfStudy {
  const images = new Map<string, KeyImage>()
  const selections: KeyImagesOfStudy['selections'][number][] = []
  for (const selection of instances.filter(isKeyObjects)) {
    const { title, images: named } = readKeyObjects(selection)
    const says = title || (firstString(selection, Tag.SeriesDescription) ?? '–')
    for (const { sopInstanceUid, seriesInstanceUid, studyInstanceUid: study, frameNumbers } of named) {
      if (seriesInstanceUid === undefined || (study !== undefined && study !== studyInstanceUid)) continue
      const before = images.get(sopInstanceUid)
      images.set(sopInstanceUid, {
        sopInstanceUid,
        seriesInstanceUid,
        frameNumber: before?.frameNumber ?? frameNumbers[0] ?? 1,
        titles: [...new Set([...(before?.titles ?? []), says])],
      })
    }
    selections.push({
      sopInstanceUid: firstString(selection, Tag.SOPInstanceUID) ?? '',
      names: named.map(({ sopInstanceUid }) => sopInstanceUid),
    })
  }
  for (const { geometry, sopInstanceUid, seriesInstanceUid, frameNumber, ...mark } of draft)
    if (geometry.kind === 'key' && mark.studyInstanceUid === studyInstanceUid && !images.has(sopInstanceUid))
      images.set(sopInstanceUid, { sopInstanceUid, seriesInstanceUid, frameNumber, titles: [] })
  return { images: [...images.values()], selections }
}

/** What is shared: the images but for some, and the selections all of whose images are. */
export function chosenInstances(
  { images, selections }: KeyImagesOfStudy,
  leftOut: ReadonlySet<string>,
): string[] {
  const chosen = images.map(({ sopInstanceUid }) => sopInstanceUid).filter((uid) => !leftOut.has(uid))
  const isChosen = new Set(chosen)
  if (chosen.length === 0) return []
  const whole = selections.filter(({ names }) => names.every((uid) => isChosen.has(uid)))
  return [...chosen, ...whole.map(({ sopInstanceUid }) => sopInstanceUid)]
}
