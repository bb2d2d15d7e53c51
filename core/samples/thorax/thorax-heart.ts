import { swollen, tube } from '../shape/branching-tree.ts'
import type { Capsule } from '../shape/raster.ts'

/** Parts of the heart in the order in which they are painted. */
export interface HeartPart {
  readonly rods: readonly Capsule[]
  /** HU. */
  readonly value: number
  /** Of glucose, as SUV; a part without one is passed over. */
  readonly uptake?: number
}

const FAT = -92
const BLOOD_UPTAKE = 1.7

/** The heart, from the pericardium inwards. */
export function heart(isEnhanced: boolean): HeartPart[] {
  const [blood, muscle] = isEnhanced ? [265, 112] : [42, 48]
  const leftVentricle = tube([
    [24, -20, -18, 27],
    [46, -36, -36, 32],
    [66, -50, -54, 25],
    [80, -58, -64, 13],
  ])
  const leftCavity = tube([
    [18, -18, -14, 16],
    [44, -34, -34, 21],
    [62, -47, -50, 14],
    [73, -54, -59, 5],
  ])
  const rightVentricle = tube([
    [22, -58, -2, 15],
    [6, -56, -22, 22],
    [10, -58, -46, 23],
    [48, -70, -64, 11],
  ])
  const rightAtrium = tube([
    [-30, -24, -8, 18],
    [-34, -26, -32, 25],
    [-28, -20, -52, 19],
  ])
  const auricle = tube([
    [-26, -36, -4, 11],
    [-14, -50, 6, 8],
  ])
  const leftAtrium = tube([
    [-18, 12, -10, 19],
    [4, 9, -12, 22],
    [26, 9, -10, 19],
  ])
  const leftAuricle = tube([
    [30, 0, 2, 10],
    [42, -22, 8, 6.5],
  ])
  const valveGap = tube([
    [14, -6, -14, 12],
    [24, -22, -20, 12],
  ])
  const all = [leftVentricle, rightVentricle, rightAtrium, auricle, leftAtrium, leftAuricle].flat()
  return [
    { rods: swollen(all, 7), value: 18 },
    { rods: swollen(all, 5.8), value: FAT },
    {
      rods: swollen([...rightVentricle, ...rightAtrium, ...auricle], 2.6),
      value: muscle - (isEnhanced ? 20 : 0),
    },
    { rods: swollen([...leftAtrium, ...leftAuricle], 2), value: muscle - (isEnhanced ? 20 : 0) },
    {
      rods: [...rightVentricle, ...rightAtrium, ...auricle],
      value: isEnhanced ? 230 : blood,
      uptake: BLOOD_UPTAKE,
    },
    { rods: [...leftAtrium, ...leftAuricle], value: isEnhanced ? 270 : blood, uptake: BLOOD_UPTAKE },
    { rods: leftVentricle, value: muscle, uptake: 4.6 },
    { rods: [...leftCavity, ...valveGap], value: blood, uptake: BLOOD_UPTAKE },
    {
      rods: tube([
        [50, -60, -38, 4],
        [60, -58, -52, 4.5],
      ]).concat(
        tube([
          [50, -32, -46, 4],
          [62, -48, -56, 4.5],
        ]),
      ),
      value: muscle,
    },
  ]
}
