import type { PictureSize } from '../../../../core/volume/cast-rays.ts'
import type { RenderScene } from '../../../../core/volume/render-scene.ts'
import type { ScalarVolume } from '../../../../core/volume/reslice.ts'
import type { VolumeGrid } from '../../../../core/volume/volume-grid.ts'
import type { PaintedBy } from '../volume-messages.ts'

/** The volume as it is now, and where it lies. */
export interface PaintedVolume {
  readonly grid: VolumeGrid
  /** What counts where there is no value. */
  readonly floor: number
  volume(): ScalarVolume
}

/** A picture in the making, from the first row to the last. */
export interface Stroke {
  /** Resolves when rows from one up to another are painted. Errors: CardLost. */
  paint(fromRow: number, toRow: number): Promise<void>
  finish(): ImageBitmap
}

/** What paints pictures of a volume. */
export interface Brush {
  readonly paintedBy: PaintedBy
  readonly shrink: number
  /** These slices have other values. */
  changed(slices: Iterable<number>): void
  /** @param fineness from a sample to the next, of the shortest distance between voxels */
  begin(scene: RenderScene, size: PictureSize, fineness: number): Stroke
  close(): void
}

/** The graphics card forgot everything, or has no room. */
export class CardLost extends Error {
  constructor() {
    super('the graphics card was lost')
    this.name = 'CardLost'
  }
}
