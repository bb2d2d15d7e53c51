import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { StudyOpening } from '../../../core/contract/api.ts'
import { useApi } from '../../client/client-context.tsx'

export interface StudiesElsewhere {
  readonly openings: readonly StudyOpening[]
  /** The archive did not answer whose one of them is. */
  readonly unknown: boolean
}

/** Whose studies other windows show: asked of the archive, never told from window to window. */
export function useStudiesElsewhere(studies: readonly string[]): StudiesElsewhere {
  const api = useApi()
  return useQueries({
    queries: studies.map((study) => ({
      queryKey: ['study', study],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call('GET', `/api/studies/${study}`, { answer: StudyOpening, signal }),
      staleTime: 60_000,
    })),
    combine,
  })
}

const combine = (results: UseQueryResult<StudyOpening>[]): StudiesElsewhere => ({
  openings: results.flatMap(({ data }) => data ?? []),
  unknown: results.some(({ isError, data }) => isError && data === undefined),
})
