import { growVolume, type GrowingVolume } from '../../../core/volume/growing-volume.ts'
import { holeOf, reslice } from '../../../core/volume/reslice.ts'
import type { MeasuredFrame } from '../frames/measure.ts'
import type { Painter } from './paint/painter.ts'
import type { PlaneAnswer, VolumeMessage } from './volume-messages.ts'

let growing: GrowingVolume | undefined
let startPainter: (() => Promise<Painter>) | undefined
let painter: Painter | undefined

/** Keeps one volume, computes planes of it, and paints it, away from the page. */
self.addEventListener('message', ({ data: message }: MessageEvent<VolumeMessage>) => {
  switch (message.kind) {
    case 'grid':
      growing = growVolume(message.grid, message.width, message.shrink)
      startPainter = painterOf(message, growing)
      return
    case 'image': {
      const changed = growing?.put(message.index, message.slice) ?? []
      painter?.changed(changed)
      return
    }
    case 'paint':
      void startPainter?.().then((started) => started.order(message.view, message.order))
      return
    case 'plane': {
      const volume = growing?.volume()
      if (volume === undefined) return
      const measured = measuredPlane(reslice(volume, message.plane, message.slab))
      self.postMessage({ kind: 'plane', id: message.id, measured } satisfies PlaneAnswer, {
        transfer: [measured.values.buffer],
      })
    }
  }
})

/** Started, and its code fetched, when somebody wants a picture first. */
function painterOf(
  { grid, floor, paintedBy }: VolumeMessage & { kind: 'grid' },
  { volume }: GrowingVolume,
): () => Promise<Painter> {
  let started: Promise<Painter> | undefined
  return () =>
    (started ??= import('./paint/start-painter.ts').then((file) => {
      painter = file.startPainter({ grid, floor, volume }, paintedBy, (picture) =>
        self.postMessage(picture, { transfer: [picture.picture] }),
      )
      return painter
    }))
}

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
