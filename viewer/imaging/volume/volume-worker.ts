import { growVolume, type GrowingVolume } from '../../../core/volume/growing-volume.ts'
import { holeOf, reslice } from '../../../core/volume/reslice.ts'
import type { MeasuredFrame } from '../frames/measure.ts'
import type { PlaneAnswer, VolumeMessage } from './volume-messages.ts'

let growing: GrowingVolume | undefined

/** Keeps one volume, and computes planes of it, away from the page. */
self.addEventListener('message', ({ data: message }: MessageEvent<VolumeMessage>) => {
  switch (message.kind) {
    case 'grid':
      growing = growVolume(message.grid, message.width, message.shrink)
      return
    case 'image':
      growing?.put(message.index, message.slice)
      return
    case 'plane': {
      const volume = growing?.volume()
      if (volume === undefined) return
      const measured = measuredPlane(reslice(volume, message.plane, message.slab))
      self.postMessage({ id: message.id, measured } satisfies PlaneAnswer, {
        transfer: [measured.values.buffer],
      })
    }
  }
})

function measuredPlane(values: Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>): MeasuredFrame {
  const hole = holeOf(values)
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value === hole) continue
    if (value < least) least = value
    if (value > most) most = value
  }
  const range = least <= most ? { least, most } : { least: 0, most: 0 }
  return { values, ...range, padding: { from: hole, to: hole } }
}
