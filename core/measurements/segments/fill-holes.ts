import type { Mask } from './signed-distance.ts'

/** With all clear pixels painted that no way along clear pixels, by their sides, leads out of. */
export function fillHoles({ columns, rows, pixels }: Mask): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(pixels.length).fill(1)
  const waiting: number[] = []
  const reach = (column: number, row: number): void => {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return
    const at = row * columns + column
    if (filled[at] === 0 || pixels[at] !== 0) return
    filled[at] = 0
    waiting.push(at)
  }
  for (let column = 0; column < columns; column++) for (const row of [0, rows - 1]) reach(column, row)
  for (let row = 0; row < rows; row++) for (const column of [0, columns - 1]) reach(column, row)
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [column, row] = [at % columns, Math.floor(at / columns)]
    reach(column - 1, row)
    reach(column + 1, row)
    reach(column, row - 1)
    reach(column, row + 1)
  }
  return filled
}
