import { useEffect, useRef, useState } from 'react'
import { useSessionUser } from '../../client/client-context.tsx'
import type { Elsewhere } from '../links/use-links.ts'
import { rememberPlace } from './open-window.ts'
import type { RoomMessage } from './room-message.ts'
import { openWindowChannel, type WindowChannel } from './window-channel.ts'

export interface OtherWindows {
  /** Studies on the screens of other windows. */
  readonly studies: readonly string[]
  readonly count: number
  /** As panes here lead theirs. */
  readonly elsewhere: Elsewhere
  tell(message: RoomMessage): void
  listen(onMessage: (message: RoomMessage) => void): void
}

/** The windows of this reader that were opened from one another, as seen from one of them. */
export function useOtherWindows(studies: readonly string[]): OtherWindows {
  const { userId } = useSessionUser()
  const channel = useRef<WindowChannel>(undefined)
  const listener = useRef<(message: RoomMessage) => void>(undefined)
  const hand = useRef(true)
  const shown = useRef(studies)
  const [others, setOthers] = useState<ReadonlyMap<string, readonly string[]>>(new Map())

  useEffect(() => {
    const opened = openWindowChannel(
      userId,
      (message) => {
        if (message.kind === 'hand') hand.current = false
        // A window that comes follows until it is touched: two that lead send each other back.
        else if (message.kind === 'here' && message.asks && hand.current) opened.tell({ kind: 'hand' })
        listener.current?.(message)
      },
      () => {
        setOthers(opened.others())
        if (opened.others().size === 0) hand.current = true
      },
    )
    channel.current = opened
    opened.show(shown.current)
    const take = (): void => {
      if (hand.current) return
      hand.current = true
      opened.tell({ kind: 'hand' })
    }
    const leave = (): void => {
      rememberPlace()
      opened.tell({ kind: 'gone' })
    }
    // A page that comes back from the browser's memory was said to be gone.
    const comeBack = (event: PageTransitionEvent): void => {
      if (event.persisted) opened.tell({ kind: 'here', studies: [...shown.current], asks: true })
    }
    for (const name of HANDS) window.addEventListener(name, take, { capture: true, passive: true })
    window.addEventListener('pagehide', leave)
    window.addEventListener('pageshow', comeBack)
    return () => {
      for (const name of HANDS) window.removeEventListener(name, take, { capture: true })
      window.removeEventListener('pagehide', leave)
      window.removeEventListener('pageshow', comeBack)
      channel.current = undefined
      opened.close()
    }
  }, [userId])

  useEffect(() => {
    shown.current = studies
    channel.current?.show(studies)
  })

  return {
    studies: [...new Set([...others.values()].flat())],
    count: others.size,
    elsewhere: {
      isThere: others.size > 0,
      hasHand: () => hand.current,
      tell: (view) => channel.current?.tell({ kind: 'led', view }),
      tellLinks: (links) => channel.current?.tell({ kind: 'links', links }),
    },
    tell: (message) => channel.current?.tell(message),
    listen: (onMessage) => void (listener.current = onMessage),
  }
}

const HANDS = ['pointerdown', 'wheel', 'keydown'] as const
