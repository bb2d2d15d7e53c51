import type { Bricks } from '../../../../core/volume/bricks.ts'
import { visibleBricks } from '../../../../core/volume/cast-rays.ts'
import type { RenderScene } from '../../../../core/volume/render-scene.ts'
import { visibility, type TransferTable } from '../../../../core/volume/transfer-function.ts'

/**
 * What a ray asks of each brick on the card, in eight bits. Lit: whether anything of it is seen. Largest values: the largest
 * there is, as a share of the table's range, never too small.
 *
 * @param spreads into the bricks beside it: coarser voxels reach farther than a brick's own
 */
export function brickTexels(
  bricks: Bricks,
  table: TransferTable,
  mode: RenderScene['mode'],
  spreads: boolean,
): Uint8Array<ArrayBuffer> {
  const texels = new Uint8Array(bricks.least.length)
  if (mode === 'lit') {
    const seen = visibleBricks(bricks, visibility(table))
    for (let brick = 0; brick < texels.length; brick++) texels[brick] = seen[brick] === 1 ? 255 : 0
  } else
    for (let brick = 0; brick < texels.length; brick++) {
      const share = (bricks.most[brick]! - table.from) / (table.to - table.from)
      texels[brick] = Math.ceil(Math.max(0, Math.min(1, share)) * 255)
    }
  return spreads ? spread(texels, bricks.size) : texels
}

/** The largest of each brick and those beside it within its layer. */
function spread(
  texels: Uint8Array<ArrayBuffer>,
  [across, down, through]: Bricks['size'],
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(texels.length)
  for (let layer = 0; layer < through; layer++)
    for (let row = 0; row < down; row++)
      for (let column = 0; column < across; column++) {
        let most = 0
        for (let j = Math.max(0, row - 1); j <= Math.min(down - 1, row + 1); j++)
          for (let i = Math.max(0, column - 1); i <= Math.min(across - 1, column + 1); i++)
            most = Math.max(most, texels[(layer * down + j) * across + i]!)
        out[(layer * down + row) * across + column] = most
      }
  return out
}
