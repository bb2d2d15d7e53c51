import type { Pause } from '../pace.ts'
import type { Capsule } from '../shape/raster.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'
import { heart, type HeartPart } from './thorax-heart.ts'
import { bones, type Bones } from './thorax-skeleton.ts'
import { vessels, type Vessels } from './thorax-vessels.ts'

/** Everything of the phantom that is computed once. */
export interface Thorax {
  readonly bones: Bones
  readonly heart: readonly HeartPart[]
  readonly vessels: Vessels
  /** Rods by height, so that a plane looks only at those near it. */
  readonly levels: ReadonlyMap<readonly Capsule[], RodIndex>
  readonly texture: (x: number, y: number, z: number) => number
  readonly fine: (x: number, y: number, z: number) => number
  /** Diameter of the nodule in the right upper lobe, mm; 0 for none. */
  readonly noduleDiameter: number
  /** Whether the vessels hold contrast medium, in its arterial phase. */
  readonly isEnhanced: boolean
}

/** Centre of the nodule, mm. */
export const NODULE = { x: -72, y: -8, z: 62 } as const

type RodIndex = (z: number) => readonly Capsule[]

/** Builds the phantom. */
export async function openThorax(
  options: { readonly noduleDiameter: number; readonly isEnhanced?: boolean },
  pause: Pause,
): Promise<Thorax> {
  const skeleton = bones()
  await pause()
  const tree = await vessels(pause)
  const isEnhanced = options.isEnhanced ?? true
  const parts = heart(isEnhanced)
  const lists: (readonly Capsule[])[] = [
    ...Object.values(skeleton),
    ...Object.values(tree),
    ...parts.map((part) => part.rods),
  ]
  return {
    bones: skeleton,
    heart: parts,
    vessels: tree,
    levels: new Map(lists.map((rods) => [rods, indexByHeight(rods)])),
    texture: smoothNoise(501),
    fine: smoothNoise(502),
    noduleDiameter: options.noduleDiameter,
    isEnhanced,
  }
}

const LEVEL = 6

function indexByHeight(rods: readonly Capsule[]): RodIndex {
  const levels = new Map<number, Capsule[]>()
  for (const rod of rods) {
    const reach = Math.max(rod.ra, rod.rb) + 3
    const low = Math.floor((Math.min(rod.az, rod.bz) - reach) / LEVEL)
    const high = Math.floor((Math.max(rod.az, rod.bz) + reach) / LEVEL)
    for (let level = low; level <= high; level++) {
      const list = levels.get(level)
      if (list === undefined) levels.set(level, [rod])
      else list.push(rod)
    }
  }
  return (z) => levels.get(Math.floor(z / LEVEL)) ?? []
}
