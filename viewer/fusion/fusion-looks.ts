import type { OverlayValues } from '../../core/measurements/overlay-values.ts'
import { firstLook, type FusionLook, type OverlayRange } from './fusion-look.ts'

/** How each overlay of a room is looked at: alike in every pane it lies in. */
export interface FusionLooks {
  of(overlay: string, kind: OverlayValues['kind']): FusionLook
  /** @param kind of one that is looked at for the first time */
  change(overlay: string, parts: Partial<FusionLook>, kind?: OverlayValues['kind']): void
  /** What its values turned out to be. */
  tell(overlay: string, range: OverlayRange): void
  /** Undefined: not known yet. */
  rangeOf(overlay: string): OverlayRange | undefined
  subscribe(listener: () => void): () => void
}

export function openFusionLooks(): FusionLooks {
  const looks = new Map<string, FusionLook>()
  const ranges = new Map<string, OverlayRange>()
  const listeners = new Set<() => void>()
  const of = (overlay: string, kind: OverlayValues['kind']): FusionLook => {
    const look = looks.get(overlay) ?? firstLook(kind)
    looks.set(overlay, look)
    return look
  }
  return {
    of,
    change(overlay, parts, kind = 'other') {
      looks.set(overlay, { ...of(overlay, ranges.get(overlay)?.kind ?? kind), ...parts })
      for (const listener of listeners) listener()
    },
    tell: (overlay, range) => void ranges.set(overlay, range),
    rangeOf: (overlay) => ranges.get(overlay),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
