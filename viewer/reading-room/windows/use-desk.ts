import { useEffect, useRef } from 'react'
import type { PlacedImage } from '../../../core/measurements/reference-line.ts'
import type { PrimaryTool } from '../../imaging/pane-tools.ts'
import { toLedImage } from '../links/led-by-pane.ts'
import type { Links } from '../links/use-links.ts'
import { placedImage } from '../mpr/placed-image.ts'
import type { Places } from '../mpr/use-places.ts'
import type { Panes } from '../use-panes.ts'
import type { OtherWindows } from './use-other-windows.ts'

interface Room {
  readonly panes: Panes
  readonly visible: readonly number[]
  readonly active: number
  readonly tool: PrimaryTool
  setTool(tool: PrimaryTool): void
  readonly links: Links
  readonly places: Places
}

/** Keeps the room in step with the other windows of its desk: links, tool, places, and where their images cut through. */
export function useDesk(windows: OtherWindows, room: Room): { drawn(): void } {
  const { tool } = room
  const latest = useRef(room)
  /** As others have it: what was heard is not said again. */
  const known = useRef(tool)
  const told = useRef('')
  const due = useRef(0)

  function tellShown(isAsked: boolean): void {
    const { panes, visible, active } = latest.current
    const images = [active, ...visible.filter((pane) => pane !== active)].flatMap((pane) => {
      const image = panes.handle(pane).state.current?.image
      return toLedImage(image && placedImage(image)) ?? []
    })
    const text = JSON.stringify(images)
    if (text === told.current && !isAsked) return
    told.current = text
    windows.tell({ kind: 'shown', images })
  }

  useEffect(() => {
    latest.current = room
    windows.listen((message) => {
      const { links, places, setTool } = latest.current
      if (message.kind === 'here' && message.asks) {
        windows.tell({ kind: 'tool', tool: latest.current.tool })
        windows.tell({ kind: 'links', links: links.switches })
        tellShown(true)
      } else if (message.kind === 'tool') {
        known.current = message.tool
        setTool(message.tool)
      } else if (message.kind === 'links') links.set(message.links)
      else if (message.kind === 'led') links.followOther(message.view)
      else if (message.kind === 'place') places.goTo(message.frameOfReference, message.at)
      else if (message.kind === 'shown') places.setElsewhere(message.images satisfies readonly PlacedImage[])
    })
  })
  useEffect(() => {
    if (windows.count === 0) room.places.setElsewhere([])
    else tellShown(true)
    // Whoever came is told, and of whoever went nothing is drawn.
  }, [windows.count])
  useEffect(() => {
    if (known.current === tool) return
    known.current = tool
    windows.tell({ kind: 'tool', tool })
  }, [tool])
  useEffect(
    () => () => {
      cancelAnimationFrame(due.current)
      // Set again where the room is only shown anew.
      due.current = 0
    },
    [],
  )

  return {
    drawn() {
      if (windows.count === 0) return
      due.current ||= requestAnimationFrame(() => {
        due.current = 0
        tellShown(false)
      })
    },
  }
}
