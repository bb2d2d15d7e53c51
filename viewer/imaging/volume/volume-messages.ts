import type { SliceValues } from '../../../core/volume/growing-volume.ts'
import type { SamplingPlane, SlabMode } from '../../../core/volume/reslice.ts'
import type { VolumeGrid } from '../../../core/volume/volume-grid.ts'
import type { MeasuredFrame } from '../frames/measure.ts'

/** A plane of a volume, or a slab of so many samples. */
export interface PlaneRequest {
  readonly id: number
  readonly plane: SamplingPlane
  readonly slab: { readonly mode: SlabMode; readonly samples: number }
}

/** What a volume's worker is told, in this order: the grid first, then images as they come, and planes between. */
export type VolumeMessage =
  | { readonly kind: 'grid'; readonly grid: VolumeGrid; readonly width: number; readonly shrink: number }
  | { readonly kind: 'image'; readonly index: number; readonly slice: SliceValues }
  | ({ readonly kind: 'plane' } & PlaneRequest)

export interface PlaneAnswer {
  readonly id: number
  readonly measured: MeasuredFrame
}
