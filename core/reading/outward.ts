/** In which somebody scrolls; 0: nobody did yet. */
export type Direction = 1 | 0 | -1

/** Further ahead in the direction of motion than behind. */
export const AHEAD_FIRST = 10

/** All indexes but the current: a few ahead in the direction of motion, if there is one, then outward on both sides. */
export function outward(current: number, count: number, direction: Direction): number[] {
  const order: number[] = []
  const add = (index: number): void => {
    if (index >= 0 && index < count && index !== current && !seen.has(index)) {
      seen.add(index)
      order.push(index)
    }
  }
  const seen = new Set<number>()
  for (let step = 1; step <= AHEAD_FIRST; step++) add(current + step * direction)
  const first = direction || 1
  for (let step = 1; step < count; step++) {
    add(current + step * first)
    add(current - step * first)
  }
  return order
}
