import { useQueries } from '@tanstack/react-query'
import { z } from 'zod'
import type { StudyOpening } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { isKeyObjects, readKeyObjects } from '../../core/dicom/report/read-document.ts'
import type { ImageReference } from '../../core/dicom/report/report-document.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useApi } from '../client/client-context.tsx'

/** Trusted: our own server made it. */
const Metadata = z.custom<DicomJson[]>(Array.isArray)

/** Why images of a study are key images. */
export interface KeyImages {
  /** The titles under which a frame was chosen; empty: it was not. */
  titlesOf(frame: { readonly sopInstanceUid: string; readonly frameNumber: number }): readonly string[]
  /** How many images of a series were chosen. */
  countIn(seriesInstanceUid: string): number
}

const NONE: KeyImages = { titlesOf: () => [], countIn: () => 0 }

/** What the key object selections of a study name. Nothing, until they are here. */
export function useKeyImages({ study, series }: StudyOpening): KeyImages {
  const api = useApi()
  const { studyInstanceUid } = study
  return useQueries({
    queries: series
      .filter(({ modality }) => modality === 'KO')
      .map(({ seriesInstanceUid, instanceCount }) => ({
        queryKey: ['metadata', studyInstanceUid, seriesInstanceUid, instanceCount],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          api.call('GET', `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`, {
            answer: Metadata,
            signal,
          }),
        staleTime: Infinity,
      })),
    combine: combined,
  })
}

const combined = (results: readonly { data: DicomJson[] | undefined }[]): KeyImages => {
  const selections = results.flatMap(({ data = [] }) => data.filter(isKeyObjects))
  return selections.length === 0 ? NONE : keyImagesOf(selections)
}

export function keyImagesOf(selections: readonly DicomJson[]): KeyImages {
  const chosen = new Map<string, { title: string; image: ImageReference }[]>()
  for (const selection of selections) {
    const { title, images } = readKeyObjects(selection)
    for (const image of images) {
      const before = chosen.get(image.sopInstanceUid) ?? []
      chosen.set(image.sopInstanceUid, [
        ...before,
        { title: title || (firstString(selection, Tag.SeriesDescription) ?? '–'), image },
      ])
    }
  }
  return {
    titlesOf({ sopInstanceUid, frameNumber }) {
      const found = (chosen.get(sopInstanceUid) ?? []).filter(
        ({ image }) => image.frameNumbers.length === 0 || image.frameNumbers.includes(frameNumber),
      )
      return [...new Set(found.map(({ title }) => title))]
    },
    countIn: (seriesInstanceUid) =>
      [...chosen.values()].filter(([first]) => first?.image.seriesInstanceUid === seriesInstanceUid).length,
  }
}
