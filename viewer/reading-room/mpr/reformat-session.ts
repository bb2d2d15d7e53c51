import type { ComputedView } from '../../../core/contract/hanging.ts'
import { numbers } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { cross3, dot3, plus3, times3, type Vector3 } from '../../../core/measurements/space.ts'
import {
  PLANE_NAMES,
  planeAt,
  planeOrigin,
  planeStackOf,
  turned,
  UPRIGHT,
  type PlaneDirections,
  type PlaneName,
  type PlaneStack,
} from '../../../core/volume/reformat-planes.ts'
import { voxelToPatient } from '../../../core/volume/volume-grid.ts'
import {
  gridOfStack,
  openVolume,
  type OpenVolume,
  type VolumeRefusal,
} from '../../imaging/volume/open-volume.ts'
import { NO_SLAB, planeImages, projectionImages, type Slab } from '../../imaging/volume/plane-images.ts'
import type { StackImage } from '../../imaging/stack-image.ts'

/** What a pane shows of a plane: another object whenever it is to be shown anew. */
export interface PlaneView {
  readonly images: readonly StackImage[]
  /** The plane that goes through the place the planes meet at. */
  readonly start: number
}

/** One series as planes: all panes that show one of its planes share it. */
export interface ReformatSession {
  readonly volume: OpenVolume
  view(computed: ComputedView): PlaneView
  /**
   * A pane shows this image of a plane now: the place at which the planes meet goes with it. One of planes that lay otherwise
   * before they were turned moves nothing.
   */
  scrolled(plane: PlaneName, index: number, image: StackImage): void
  /** Turns the other planes about the normal of one, round the place at which they meet. Degrees, to the right as one sees it. */
  turn(seenIn: PlaneName, degrees: number): void
  /** As the patient lies. */
  straighten(): void
  /** Whether a plane, or any, lies otherwise than the patient does. */
  isTurned(plane?: PlaneName): boolean
  slab(): Slab
  setSlab(slab: Slab): void
  /** Where the planes meet, in the patient. */
  place(): Vector3
  subscribe(listener: () => void): () => void
  close(): void
}

/** So often what arrives is shown. Milliseconds. */
const SHOWN_EVERY = 500

/** Opens planes through a stack, or says why there are none. */
export function openReformat(images: readonly StackImage[], turn = 0): ReformatSession | VolumeRefusal {
  const grid = gridOfStack(images, turn)
  if (typeof grid === 'string') return grid
  const middle = Math.floor(images.length / 2)
  const original = images[middle] ?? images[0]
  if (original === undefined) return 'too-few'
  const volume = openVolume(images, grid, middle, arrived)

  const listeners = new Set<() => void>()
  const views = new Map<ComputedView, PlaneView>()
  const stacks = new Map<PlaneName, PlaneStack>()
  let directions = UPRIGHT
  let slab = NO_SLAB
  let version = 0
  let told: ReturnType<typeof setTimeout> | undefined
  const [columns, rows, slices] = volume.grid.size
  let place = voxelToPatient(volume.grid, [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2])

  /** All planes are drawn anew; views from all round only where the volume holds more. */
  function change(isGrown = false): void {
    version++
    for (const view of [...views.keys()]) if (isGrown || view !== 'projection') views.delete(view)
    for (const listener of listeners) listener()
  }

  /** Shown in steps, each when the one before is on screen: what arrives comes faster than planes are computed. */
  function arrived(): void {
    const { arrived: here, failed, all } = volume.counts()
    if (here + failed === all) {
      clearTimeout(told)
      told = undefined
      return change(true)
    }
    told ??= setTimeout(() => {
      told = undefined
      if (volume.isIdle()) change(true)
      else arrived()
    }, SHOWN_EVERY)
  }

  function stackOf(plane: PlaneName): PlaneStack {
    const known = stacks.get(plane) ?? planeStackOf(volume.grid, directions[plane])
    stacks.set(plane, known)
    return known
  }

  const viewOf = (computed: ComputedView): PlaneView => {
    // From the front.
    if (computed === 'projection')
      return { images: projectionImages(volume, original, String(version)), start: 0 }
    const stack = stackOf(computed)
    return {
      images: planeImages(volume, computed, stack, slab, original, String(version)),
      start: planeAt(stack, place),
    }
  }

  function lay(next: typeof UPRIGHT): void {
    directions = next
    stacks.clear()
    change()
  }

  return {
    volume,
    view(computed) {
      const known = views.get(computed) ?? viewOf(computed)
      views.set(computed, known)
      return known
    },
    scrolled(plane, index, image) {
      const stack = stackOf(plane)
      const at = numbers(image.metadata, Tag.ImagePositionPatient)
      if (at.join() !== planeOrigin(stack, index).join()) return
      const { origin, normal, spacing } = stack
      const off = dot3(origin, normal) + index * spacing - dot3(place, normal)
      // Less than half a step is the place's own distance from the nearest plane.
      if (Math.abs(off) > spacing / 2) place = plus3(place, times3(normal, off))
    },
    turn(seenIn, degrees) {
      const seen = directions[seenIn]
      const turns = degrees * handedness(seen)
      const next = { ...directions }
      for (const plane of PLANE_NAMES)
        if (plane !== seenIn) next[plane] = turned(directions[plane], seen.normal, turns)
      lay(next)
    },
    straighten: () => lay(UPRIGHT),
    isTurned: (plane) =>
      plane === undefined ? directions !== UPRIGHT : directions[plane] !== UPRIGHT[plane],
    slab: () => slab,
    setSlab(next) {
      slab = next
      change()
    },
    place: () => place,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      clearTimeout(told)
      listeners.clear()
      volume.close()
    },
  }
}

/** Whether a right-handed turn about the normal is one to the right on the screen: rows to the right, columns down. */
function handedness({ row, column, normal }: PlaneDirections): 1 | -1 {
  return dot3(cross3(row, column), normal) > 0 ? 1 : -1
}
