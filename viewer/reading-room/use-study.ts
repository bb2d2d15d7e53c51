import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { StudyOpening } from '../../core/contract/api.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { ApiError } from '../client/api-error.ts'
import { useApi } from '../client/client-context.tsx'
import { listenToEvents } from '../client/live-events.ts'
import { metadataQuery } from '../client/metadata-query.ts'
import { isUnheard, takeOpening } from '../client/opening-packet.ts'
import { useEmergencyStore } from '../emergency/emergency-context.ts'
import { useSettingsStore } from '../settings/settings-context.tsx'

/** The study and its series, read again when something of it arrives. */
export function useStudy(studyInstanceUid: string): {
  study: StudyOpening | undefined
  error: ApiError | undefined
} {
  const api = useApi()
  const queries = useQueryClient()
  const settings = useSettingsStore()
  const emergencies = useEmergencyStore()
  const { data, error } = useQuery({
    queryKey: ['study', studyInstanceUid],
    queryFn: async ({ signal }) =>
      (await takeOpening(studyInstanceUid, 'opening')) ??
      api.call('GET', `/api/studies/${studyInstanceUid}`, { answer: StudyOpening, signal }),
    refetchInterval: (query) => (query.state.error === null ? false : 5000),
  })
  const isHere = data !== undefined
  useEffect(() => {
    // It was fetched before somebody opened it: now the archive records that, and says what has changed since.
    if (isHere && isUnheard(studyInstanceUid))
      void queries.invalidateQueries({ queryKey: ['study', studyInstanceUid] })
  }, [queries, studyInstanceUid, isHere])
  useEffect(
    () =>
      listenToEvents((event) => {
        settings?.hear(event)
        emergencies?.hear(event)
        const concerned =
          event.kind === 'gap' || (event.kind === 'study' && event.studyInstanceUid === studyInstanceUid)
        if (!concerned) return
        void queries.invalidateQueries({ queryKey: ['study', studyInstanceUid] })
      }),
    [queries, settings, emergencies, studyInstanceUid],
  )
  return { study: data, error: error instanceof ApiError ? error : undefined }
}

/** The metadata of a series; `version` changes when instances arrive. */
export function useSeriesMetadata(
  studyInstanceUid: string,
  seriesInstanceUid: string | undefined,
  version: number,
): { instances: DicomJson[] | undefined; failed: boolean } {
  const api = useApi()
  const { data, error } = useQuery({
    enabled: seriesInstanceUid !== undefined,
    ...metadataQuery(api, studyInstanceUid, seriesInstanceUid, version),
    // The pane keeps what it shows while newer metadata is on its way, but never another series'.
    placeholderData: (previous, query) => (query?.queryKey[2] === seriesInstanceUid ? previous : undefined),
  })
  return { instances: data, failed: error !== null }
}
