import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { z } from 'zod'
import type { StudyOpening } from '../../../core/contract/api.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { Segment } from '../../../core/measurements/segments/segment.ts'
import { useApi } from '../../client/client-context.tsx'
import { stackOf, type StackImage } from '../../imaging/stack-image.ts'

/** Trusted: our own server made it. */
const Metadata = z.custom<DicomJson[]>(Array.isArray)

/** The images of the series that segments are painted on, by Series Instance UID, as their metadata come. */
export function useStacks(
  { study: { studyInstanceUid }, series }: StudyOpening,
  segments: readonly Segment[],
): ReadonlyMap<string, readonly StackImage[]> {
  const api = useApi()
  const painted = series.filter(({ seriesInstanceUid }) =>
    segments.some((segment) => segment.seriesInstanceUid === seriesInstanceUid),
  )
  const read = useQueries({
    queries: painted.map(({ seriesInstanceUid, instanceCount }) => ({
      // What the pane has read already.
      queryKey: ['metadata', studyInstanceUid, seriesInstanceUid, instanceCount],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call('GET', `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/metadata`, {
          answer: Metadata,
          signal,
        }),
      staleTime: Infinity,
    })),
    combine: instancesOf,
  })
  const uids = painted.map(({ seriesInstanceUid }) => seriesInstanceUid).join(' ')
  return useMemo(
    () =>
      new Map(
        uids.split(' ').flatMap((uid, index) => {
          const instances = read[index]
          return instances === undefined ? [] : [[uid, stackOf(studyInstanceUid, uid, instances)] as const]
        }),
      ),
    [studyInstanceUid, uids, read],
  )
}

const instancesOf = (results: readonly { data: DicomJson[] | undefined }[]): (DicomJson[] | undefined)[] =>
  results.map(({ data }) => data)
