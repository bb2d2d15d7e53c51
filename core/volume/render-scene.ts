import { length3, minus3, plus3, times3, unit3, type Vector3 } from '../measurements/space.ts'
import type { CropBox } from './crop-box.ts'
import type { TransferFunction } from './transfer-function.ts'
import type { ViewCamera, ViewDirections } from './view-camera.ts'
import type { VolumeGrid } from './volume-grid.ts'

/** What a picture of a volume shows, whoever paints it and however large. */
export interface RenderScene {
  readonly camera: ViewCamera
  readonly crop: CropBox
  /** Each value lit, behind what is in front of it; or of each ray only the largest value. */
  readonly mode: 'lit' | 'maximum'
  readonly points: TransferFunction
}

/** How surfaces are lit: the same wherever a picture is painted. */
export const LIGHT = {
  ambient: 0.28,
  diffuse: 0.78,
  shine: 0.16,
  /** Of the highlight: larger is smaller. */
  gloss: 24,
  /** A slope of so much of the table's range a millimetre is a surface; less is partly haze, which has no side. */
  surface: 0.08,
} as const

/** Hidden so far, what lies behind cannot be seen. */
export const OPAQUE = 0.985
/** What hides less is not worth a slope. */
export const FAINT = 0.004

/** To the light, over the shoulder of who looks, and halfway between the light and them. Unit vectors, of the patient. */
export function lightOf({ right, down, into }: ViewDirections): { light: Vector3; halfway: Vector3 } {
  const towards = plus3(times3(into, -0.82), plus3(times3(down, -0.48), times3(right, -0.3)))
  const light = unit3(towards) ?? towards
  return { light, halfway: unit3(minus3(light, into)) ?? light }
}

/** From a sample of a ray to the next, so many of the shortest distance between voxels: under a hand, and at rest. */
export const STEPS = {
  card: { moving: 1, still: 0.5 },
  processor: { moving: 2, still: 1 },
} as const

export const shortestStep = ({ steps }: Pick<VolumeGrid, 'steps'>): number => Math.min(...steps.map(length3))
