import { bricksOf, fillLayer, layersOf } from '../../../../core/volume/bricks.ts'
import { castRays } from '../../../../core/volume/cast-rays.ts'
import { shortestStep } from '../../../../core/volume/render-scene.ts'
import type { Brush, PaintedVolume } from './brush.ts'

/** Paints on this processor: where there is no graphics card, or one in name only. */
export function openProcessorBrush({ grid, floor, volume }: PaintedVolume): Brush {
  const bricks = bricksOf(grid)
  const stale = new Set(Array.from({ length: bricks.size[2] }, (_, layer) => layer))
  return {
    paintedBy: 'processor',
    shrink: 1,
    changed(slices) {
      for (const layer of layersOf(slices, bricks)) stale.add(layer)
    },
    begin(scene, size, fineness) {
      const now = volume()
      for (const layer of stale) fillLayer(bricks, layer, now, floor)
      stale.clear()
      const cast = castRays({ volume: now, grid, bricks, floor }, scene, size, shortestStep(grid) * fineness)
      return {
        paint(fromRow, toRow) {
          cast.paint(fromRow, toRow)
          return Promise.resolve()
        },
        finish() {
          const canvas = new OffscreenCanvas(size.width, size.height)
          canvas.getContext('2d')?.putImageData(new ImageData(cast.pixels, size.width, size.height), 0, 0)
          return canvas.transferToImageBitmap()
        },
      }
    },
    close: () => undefined,
  }
}
