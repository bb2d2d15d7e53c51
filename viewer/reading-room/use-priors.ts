import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { PriorPage, StudyOpening, type PriorStudy } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'

interface Priors {
  /** Best to compare with first. */
  readonly priors: readonly PriorStudy[]
  /** Those that were opened, in that order. */
  readonly openings: readonly StudyOpening[]
  /** Reads the series of a prior; undefined when it cannot be had. */
  openPrior(studyInstanceUid: string): Promise<StudyOpening | undefined>
}

/** Other studies of the patient: found once the study is open, their series read when somebody wants them. */
export function usePriors(studyInstanceUid: string): Priors {
  const api = useApi()
  const queries = useQueryClient()
  const [openings, setOpenings] = useState<readonly StudyOpening[]>([])
  const { data } = useQuery({
    queryKey: ['priors', studyInstanceUid],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/studies/${studyInstanceUid}/priors`, { answer: PriorPage, signal }),
    staleTime: 60_000,
  })
  return {
    priors: data?.priors ?? [],
    openings,
    async openPrior(prior) {
      const known = openings.find(({ study }) => study.studyInstanceUid === prior)
      if (known !== undefined) return known
      const opening = await queries
        .fetchQuery({
          queryKey: ['study', prior],
          queryFn: ({ signal }) => api.call('GET', `/api/studies/${prior}`, { answer: StudyOpening, signal }),
        })
        .catch(() => undefined)
      if (opening !== undefined)
        setOpenings((before) =>
          before.some(({ study }) => study.studyInstanceUid === prior) ? before : [...before, opening],
        )
      return opening
    },
  }
}
