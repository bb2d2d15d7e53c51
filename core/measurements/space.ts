/** A place or a step in the patient's coordinates, millimetres (PS3.3 C.7.6.2.1.1). */
export type Vector3 = readonly [x: number, y: number, z: number]

export const dot3 = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export const cross3 = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

export const plus3 = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]

export const minus3 = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]

export const times3 = (a: Vector3, by: number): Vector3 => [a[0] * by, a[1] * by, a[2] * by]

export const length3 = (a: Vector3): number => Math.hypot(...a)

/** As a unit vector; undefined of one that has hardly a length. */
export function unit3(a: Vector3): Vector3 | undefined {
  const length = length3(a)
  return length > 1e-6 ? times3(a, 1 / length) : undefined
}

/** Between two unit vectors. Units: degrees, 0 to 180. */
export const degreesBetween = (a: Vector3, b: Vector3): number =>
  (Math.atan2(length3(cross3(a, b)), dot3(a, b)) * 180) / Math.PI
