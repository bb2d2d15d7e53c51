import { layoutOf } from '../../../core/reading/reading-order.ts'
import { framePlanesOf, type FramePlane } from '../../../core/measurements/frame-planes.ts'
import { geometryOfPlanes } from '../../../core/measurements/stack-geometry.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { shrunkGrid } from '../../../core/volume/growing-volume.ts'
import type { SamplingPlane } from '../../../core/volume/reslice.ts'
import { volumeGridOf, type NoVolume, type VolumeGrid } from '../../../core/volume/volume-grid.ts'
import type { FrameImage } from '../frames/frame-image.ts'
import { spacing } from '../frames/frame-metadata.ts'
import type { MeasuredFrame } from '../frames/measure.ts'
import { startFeed } from '../prefetch.ts'
import { isColour, type StackImage } from '../stack-image.ts'
import { drawsOnCard, frameLoader } from '../start-imaging.ts'
import type {
  PaintOrder,
  PictureAnswer,
  PlaneRequest,
  VolumeAnswer,
  VolumeMessage,
} from './volume-messages.ts'

/** A stack as a volume, in a worker of its own, while its images still arrive. */
export interface OpenVolume {
  /** Of the volume as it is kept. */
  readonly grid: VolumeGrid
  /** Image pixels along a side that are one voxel: more than one where the volume would need more memory than is given. */
  readonly shrink: number
  /** Images that are in the volume, that will never be, and all. */
  counts(): { readonly arrived: number; readonly failed: number; readonly all: number }
  /** Of the values that are here, padding left out; undefined: none is. */
  range(): { readonly least: number; readonly most: number } | undefined
  /** The transfer syntax in which the archive keeps its images, once one is here. */
  storedAs(): string
  /** Errors: the signal's reason; the worker's end. */
  plane(plane: SamplingPlane, slab: PlaneRequest['slab'], signal: AbortSignal): Promise<MeasuredFrame>
  /** Pictures of the volume, for one who looks at it: told of each as it is painted. */
  openView(onPicture: (picture: PictureAnswer) => void): VolumeView
  /** Nobody waits for a plane. */
  isIdle(): boolean
  close(): void
}

/** Who looks at a volume. */
export interface VolumeView {
  /** What is shown from now on; the volume's growth is shown by itself. */
  show(order: PaintOrder): void
  close(): void
}

export type VolumeRefusal = NoVolume | 'colour'

/** Two bytes a voxel at least. A half of what a page may take: images have the other. */
const BYTES_MOST = 512 << 20
const BYTES_A_VOXEL = 2
/** What there is around a patient, Hounsfield units. */
const AIR = -1000

/** The grid of a stack, or why no planes can be computed through it. */
export function gridOfStack(images: readonly StackImage[], turn = 0): VolumeGrid | VolumeRefusal {
  if (images.some(isColour)) return 'colour'
  const known = new Map<DicomJson, (FramePlane | undefined)[]>()
  const planes = images.map(({ metadata, frameNumber }) => {
    const own = known.get(metadata) ?? framePlanesOf(metadata)
    known.set(metadata, own)
    return own[frameNumber - 1]
  })
  const sizes = images.map((image) => ({
    rows: layoutOf(image.metadata)?.rows ?? 0,
    columns: layoutOf(image.metadata)?.columns ?? 0,
    spacing: spacing(image),
  }))
  return volumeGridOf(planes, sizes, geometryOfPlanes(planes), turn)
}

/** So many pixels along a side as one voxel that the volume fits. */
export function shrinkFor([columns, rows, slices]: VolumeGrid['size'], most = BYTES_MOST): number {
  let shrink = 1
  while (Math.floor(columns / shrink) * Math.floor(rows / shrink) * slices * BYTES_A_VOXEL > most) shrink++
  return shrink
}

/**
 * Opens the volume of a stack and fetches what of it is not here, outward from `start`. `onChange` is called as images
 * arrive.
 */
export function openVolume(
  images: readonly StackImage[],
  full: VolumeGrid,
  start: number,
  onChange: () => void,
): OpenVolume {
  const shrink = shrinkFor(full.size)
  const grid = shrunkGrid(full, shrink)
  const worker = new Worker(new URL('./volume-worker.ts', import.meta.url), { type: 'module' })
  const tell = (message: VolumeMessage, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer)
  const waiting = new Map<
    number,
    { resolve: (measured: MeasuredFrame) => void; reject: (error: Error) => void }
  >()
  let lastId = 0
  let storedAs = ''
  const counts = { arrived: 0, failed: 0 }
  const views = new Map<number, (picture: PictureAnswer) => void>()
  let lastView = 0
  const range = { least: Infinity, most: -Infinity }

  tell({
    kind: 'grid',
    grid,
    width: full.size[0],
    shrink,
    floor: firstString(images[0]?.metadata ?? {}, Tag.Modality) === 'CT' ? AIR : 0,
    paintedBy: drawsOnCard() ? 'card' : 'processor',
  })
  worker.addEventListener('message', ({ data: answer }: MessageEvent<VolumeAnswer>) => {
    if (answer.kind === 'picture') {
      const shown = views.get(answer.view)
      if (shown === undefined) answer.picture.close()
      else shown(answer)
      return
    }
    waiting.get(answer.id)?.resolve(answer.measured)
    waiting.delete(answer.id)
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    fail(new Error('the volume could not be kept: there is too little memory'))
  })

  function fail(error: Error): void {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  const needed = new Set(grid.sources.flatMap(({ one, other }) => [one, other]))
  const frames = frameLoader()
  const ids = frames.add(images)
  const feed = startFeed(
    frames,
    ids.filter((_, index) => needed.has(index)),
    ids[start] ?? '',
    (imageId, image) => {
      const measured = (image as FrameImage | undefined)?.measured
      if (measured === undefined) counts.failed++
      else {
        counts.arrived++
        storedAs = (image as FrameImage).storedAs
        range.least = Math.min(range.least, measured.least)
        range.most = Math.max(range.most, measured.most)
        const values = measured.values.slice()
        tell({ kind: 'image', index: ids.indexOf(imageId), slice: { values, padding: measured.padding } }, [
          values.buffer,
        ])
      }
      // Some are here already, and nobody has this volume yet.
      queueMicrotask(onChange)
    },
  )

  return {
    grid,
    shrink,
    counts: () => ({ ...counts, all: needed.size }),
    range: () => (range.least <= range.most ? { ...range } : undefined),
    storedAs: () => storedAs,
    openView(onPicture) {
      const view = ++lastView
      views.set(view, onPicture)
      return {
        show: (order) => tell({ kind: 'paint', view, order }),
        close() {
          views.delete(view)
          tell({ kind: 'paint', view, order: undefined })
        },
      }
    },
    isIdle: () => waiting.size === 0,
    plane(plane, slab, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        signal.addEventListener(
          'abort',
          () => {
            if (waiting.delete(id)) reject(signal.reason as Error)
          },
          { once: true },
        )
        tell({ kind: 'plane', id, plane, slab })
      })
    },
    close() {
      feed.stop()
      worker.terminate()
      fail(new Error('the volume is closed'))
    },
  }
}
