import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApi } from '../../client/client-context.tsx'
import { askAhead, giveUpAhead } from '../../client/opening-packet.ts'
import { areFramesQuiet } from '../../imaging/prefetch.ts'
import { besideInList } from '../../worklist/reading-list.ts'
import type { Panes } from '../use-panes.ts'

/** How often it is looked whether anything is under way, and for how long nothing was. Milliseconds. */
const CHECKED_EVERY = 500
const QUIET_FOR = 2_000
/** What could not be had, or was given up, is asked for again. Milliseconds. */
const AGAIN_AFTER = 10_000

/**
 * Fetches what the next study of the list is opened with, once all images of this one are here and nothing else is under way;
 * whatever the reader wants meanwhile goes first. Answers how one gets there.
 *
 * @param onEnd there is no further study
 */
export function useNextStudy(
  studyInstanceUid: string,
  panes: Panes,
  visible: readonly number[],
  onEnd: () => void,
): (by: 1 | -1) => void {
  const api = useApi()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const shown = useRef(visible)
  useEffect(() => {
    shown.current = visible
  })

  useEffect(() => {
    const next = besideInList(studyInstanceUid, 1)
    if (next === undefined) return
    const isQuiet = (): boolean => {
      const states = shown.current.flatMap((pane) => panes.handle(pane).state.current?.status ?? [])
      const isShown = states.includes('ready') && !states.includes('loading')
      return isShown && areFramesQuiet() && queries.isFetching() === 0 && !document.hidden
    }
    let [quietFor, askedAt] = [0, -Infinity]
    const timer = setInterval(() => {
      quietFor = isQuiet() ? quietFor + CHECKED_EVERY : 0
      if (quietFor === 0) return giveUpAhead()
      if (quietFor < QUIET_FOR || performance.now() - askedAt < AGAIN_AFTER) return
      askedAt = performance.now()
      askAhead(api, next)
    }, CHECKED_EVERY)
    return () => clearInterval(timer)
  }, [api, panes, queries, studyInstanceUid])

  return (by) => {
    const next = besideInList(studyInstanceUid, by)
    if (next === undefined) return onEnd()
    // The way back is to the list.
    void navigate({ to: '/studies/$studyInstanceUid', params: { studyInstanceUid: next }, replace: true })
  }
}
