import { useEffect } from 'react'
import type { FusionLook } from '../fusion/fusion-look.ts'
import type { Fusion } from '../fusion/use-fusion.ts'
import { changed } from './changed.ts'
import type { Hanging } from './use-hanging.ts'

/** What lies over panes is looked at as the protocol has it, each time that it hangs. */
export function useHungLooks({ hungPanes }: Hanging, { looks, shelvedOf }: Fusion): void {
  const hung = JSON.stringify(hungPanes.map((pane) => [pane?.hung.overlay, pane?.over]))
  useEffect(() => {
    for (const pane of hungPanes) {
      const { overlay } = pane?.hung ?? {}
      if (overlay === undefined || pane?.over === undefined) continue
      const { map, opacity, lower, upper } = pane.over
      const parts: Partial<FusionLook> = changed<Partial<FusionLook>>({}, { map, opacity, lower, upper })
      const isDose = shelvedOf(overlay)?.series.modality === 'RTDOSE'
      if (Object.keys(parts).length > 0) looks.change(overlay, parts, isDose ? 'dose' : 'other')
    }
    // A study that grows hangs as before: what somebody changed since stays.
  }, [hung])
}
