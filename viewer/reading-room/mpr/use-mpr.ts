import { useRef } from 'react'
import { gridOfStack, type VolumeRefusal } from '../../imaging/volume/open-volume.ts'
import type { LookChoice } from '../../imaging/stack-look.ts'
import type { Slab } from '../../imaging/volume/plane-images.ts'
import { isVolume, overlayIn, planeIn, planesOf, receivedIn, seriesIn, withOverlay } from '../pane-content.ts'
import type { Arrangement } from '../pane-layout.ts'
import type { PaneHandle } from '../pane-handle.ts'
import type { ReformatSession } from './reformat-session.ts'
import type { Reformats } from './use-reformats.ts'

/** The active pane's series as planes, at one key. */
export interface Mpr {
  /** Planes are on screen. */
  readonly isOn: boolean
  /** Of the active pane. */
  readonly session: ReformatSession | undefined
  /** How the series was looked at when its planes were opened. */
  readonly choice: LookChoice | undefined
  toggle(): void
  /** To the next way of putting a slab together, or from none to a slab. */
  nextSlabMode(): void
  /** Thicker or thinner, by a step. */
  thicken(by: 1 | -1): void
  setSlab(slab: Slab): void
  straighten(): void
}

/** Millimetres. */
export const THICKNESSES = [0, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80] as const
const FIRST_THICKNESS = 10

const MODES: readonly Slab['mode'][] = ['maximum', 'minimum', 'mean']

export function useMpr(
  reformats: Reformats,
  arrangement: Arrangement,
  handle: () => PaneHandle,
  arrange: (change: (before: Arrangement) => Arrangement) => void,
  onRefused: (refusal: VolumeRefusal) => void,
): Mpr {
  const before = useRef<Arrangement>(undefined)
  const choice = useRef<LookChoice>(undefined)
  const content = arrangement.series[arrangement.active]
  const count = arrangement.layout.rows * arrangement.layout.columns
  const isOn = arrangement.series.slice(0, count).some((each) => planeIn(each) !== undefined)
  const session = reformats.of(seriesIn(content))

  return {
    isOn,
    session,
    // Of planes that were hung by a protocol: as that has it.
    choice: isOn ? choice.current : undefined,
    toggle() {
      if (isOn) {
        const last = before.current
        before.current = undefined
        choice.current = undefined
        return arrange((now) => last ?? { ...now, series: now.series.map(receivedIn) })
      }
      const uid = seriesIn(content)
      const { images, state } = handle()
      if (uid === undefined || images.current.length === 0) return
      // Of a volume in three dimensions there are planes, though it is one image.
      const grid = reformats.of(uid) === undefined ? gridOfStack(images.current) : undefined
      if (typeof grid === 'string') return onRefused(grid)
      before.current = arrangement
      choice.current = state.current?.choice
      arrange(() => ({
        layout: { rows: 2, columns: 2 },
        series: [
          planesOf(uid, 'axial'),
          planesOf(uid, 'coronal'),
          planesOf(uid, 'sagittal'),
          content !== undefined && isVolume(content) ? content : uid,
        ].map((each) => withOverlay(each, overlayIn(content))),
        active: 0,
        maximised: false,
      }))
    },
    nextSlabMode() {
      if (session === undefined) return
      const { mode, thickness } = session.slab()
      if (thickness === 0) return session.setSlab({ mode: 'maximum', thickness: FIRST_THICKNESS })
      const next = MODES[MODES.indexOf(mode) + 1]
      session.setSlab(next === undefined ? { mode: 'mean', thickness: 0 } : { mode: next, thickness })
    },
    thicken(by) {
      if (session === undefined) return
      const { mode, thickness } = session.slab()
      const at = THICKNESSES.findIndex((each) => each >= thickness)
      const next = THICKNESSES[Math.max(0, Math.min(THICKNESSES.length - 1, at + by))] ?? 0
      if (next !== thickness) session.setSlab({ mode: thickness === 0 ? 'maximum' : mode, thickness: next })
    },
    setSlab: (slab) => session?.setSlab(slab),
    straighten: () => session?.straighten(),
  }
}
