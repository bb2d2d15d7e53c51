import type { FramePlane } from './frame-planes.ts'
import { dot3, type Vector3 } from './space.ts'

/** Closer along the normal is the same place. Millimetres. */
const SAME_PLACE = 0.01

/** Where a stack has images: one, or several at different times. */
export interface Place {
  /** Along the normal, millimetres. */
  readonly along: number
  readonly position: Vector3
  /** Places in the stack, from 0. */
  readonly indices: number[]
}

/** Where there are images, by their distance along the normal. */
export function placesOf(planes: readonly FramePlane[], normal: Vector3): Place[] {
  const places: Place[] = []
  const sorted = planes
    .map(({ position }, index) => ({ position, index, along: dot3(position, normal) }))
    .sort((a, b) => a.along - b.along)
  for (const { along, position, index } of sorted) {
    const last = places.at(-1)
    if (last !== undefined && along - last.along <= SAME_PLACE) last.indices.push(index)
    else places.push({ along, position, indices: [index] })
  }
  return places
}
