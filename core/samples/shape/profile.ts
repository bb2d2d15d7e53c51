/**
 * A smooth curve through points `[position, value]` (ascending positions); constant outside them. It remembers its last
 * answer, because a plane asks for one height a quarter of a million times.
 */
export function profile(points: readonly (readonly [number, number])[]): (position: number) => number {
  let lastPosition = NaN
  let lastValue = 0
  return (position) => {
    if (position === lastPosition) return lastValue
    lastPosition = position
    lastValue = interpolate(points, position)
    return lastValue
  }
}

function interpolate(points: readonly (readonly [number, number])[], position: number): number {
  let previous = points[0] ?? [0, 0]
  if (position <= previous[0]) return previous[1]
  for (const point of points) {
    if (position <= point[0]) {
      const t = (position - previous[0]) / (point[0] - previous[0] || 1)
      return previous[1] + (point[1] - previous[1]) * (0.6 * t * t * (3 - 2 * t) + 0.4 * t)
    }
    previous = point
  }
  return previous[1]
}

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}

/** The smaller of two, rounded over the width `k` where they meet. */
export function smoothMin(a: number, b: number, k: number): number {
  const h = clamp(0.5 + (0.5 * (b - a)) / k, 0, 1)
  return b + (a - b) * h - k * h * (1 - h)
}
