import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../client/api-error.ts'
import { errorText } from '../locales/error-text.ts'
import type { Texts } from '../locales/texts.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { FilmFailed } from './film.ts'
import { ImageNotShown } from './stage.ts'

/** Something that takes its time, and can be given up. */
export interface Run {
  /** Images that are made; undefined: nothing is under way. */
  readonly done: number | undefined
  /** What went wrong with the last one. */
  readonly fault: string | undefined
  start(work: (onDone: (count: number) => void, signal: AbortSignal) => Promise<void>): void
  cancel(): void
}

export function useRun(): Run {
  const { t } = useTexts()
  const [done, setDone] = useState<number>()
  const [fault, setFault] = useState<string>()
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  return {
    done,
    fault,
    start(work) {
      const controller = new AbortController()
      running.current = controller
      setFault(undefined)
      setDone(0)
      work(setDone, controller.signal)
        .catch((error: unknown) => {
          if (!controller.signal.aborted) setFault(faultText(t, error))
        })
        .finally(() => setDone(undefined))
    },
    cancel: () => running.current?.abort(),
  }
}

function faultText(t: Texts['t'], error: unknown): string {
  if (error instanceof ApiError) return errorText(t, error)
  if (error instanceof ImageNotShown) return t('export.image-failed', { number: error.index + 1 })
  return t(error instanceof FilmFailed ? 'export.film-failed' : 'export.failed')
}
