import { z } from 'zod'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import type { Api } from './api.ts'
import { openingMetadata } from './opening-packet.ts'

/** Trusted: our own server made it, and walking through megabytes of it costs what opening should not. */
const Metadata = z.custom<DicomJson[]>(Array.isArray)

/** How the metadata of a series is asked for; kept until instances arrive. */
export const metadataQuery = (
  api: Api,
  studyInstanceUid: string,
  seriesInstanceUid: string | undefined,
  instanceCount: number,
) => ({
  queryKey: ['metadata', studyInstanceUid, seriesInstanceUid, instanceCount],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<DicomJson[]> =>
    (await openingMetadata(studyInstanceUid, seriesInstanceUid, instanceCount)) ??
    api.call('GET', `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`, {
      answer: Metadata,
      signal,
    }),
  staleTime: Infinity,
})
