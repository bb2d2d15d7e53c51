import type { SliceValues } from '../../../core/volume/growing-volume.ts'
import type { RenderScene } from '../../../core/volume/render-scene.ts'
import type { SamplingPlane, SlabMode } from '../../../core/volume/reslice.ts'
import type { VolumeGrid } from '../../../core/volume/volume-grid.ts'
import type { MeasuredFrame } from '../frames/measure.ts'

/** A plane of a volume, or a slab of so many samples. */
export interface PlaneRequest {
  readonly id: number
  readonly plane: SamplingPlane
  readonly slab: { readonly mode: SlabMode; readonly samples: number }
}

/** A picture that somebody waits for, until they want another. Pixels of the screen. */
export interface PaintOrder {
  /** Of a view's orders, counted. */
  readonly serial: number
  readonly scene: RenderScene
  readonly width: number
  readonly height: number
  /** Under a hand: quick before fine. */
  readonly isMoving: boolean
}

/** Who paints: a graphics card, or this processor. */
export type PaintedBy = 'card' | 'processor'

/** What a volume's worker is told, in this order: the grid first, then images as they come, and planes and pictures between. */
export type VolumeMessage =
  | {
      readonly kind: 'grid'
      readonly grid: VolumeGrid
      readonly width: number
      readonly shrink: number
      /** What counts in pictures where there is no value. */
      readonly floor: number
      readonly paintedBy: PaintedBy
    }
  | { readonly kind: 'image'; readonly index: number; readonly slice: SliceValues }
  | ({ readonly kind: 'plane' } & PlaneRequest)
  /** What a view shows from now on; undefined: nothing, it is closed. */
  | { readonly kind: 'paint'; readonly view: number; readonly order: PaintOrder | undefined }

export interface PlaneAnswer {
  readonly kind: 'plane'
  readonly id: number
  readonly measured: MeasuredFrame
}

/** A picture of what a view was last told to show, or of what it was told a moment before. */
export interface PictureAnswer {
  readonly kind: 'picture'
  readonly view: number
  /** Of the order that it follows. */
  readonly serial: number
  /** Of the order, or smaller by a whole factor. */
  readonly picture: ImageBitmap
  /** As fine as it gets. */
  readonly isFine: boolean
  readonly paintedBy: PaintedBy
  /** Voxels along a side that are one on the graphics card: more than one where it has too little memory. */
  readonly shrink: number
}

export type VolumeAnswer = PlaneAnswer | PictureAnswer
