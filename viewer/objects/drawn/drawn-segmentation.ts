import { layoutOf } from '../../../core/reading/reading-order.ts'
import { readSegmentation, type SegmentFrame } from '../../../core/dicom/drawn/segmentation.ts'
import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { samplesOf, type Samples } from '../../../core/dicom/frame-samples.ts'
import { nativeFrame, storedFrame } from '../../../core/dicom/native-frame.ts'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { fromFrameTo, segmentFramesOn } from '../../../core/measurements/drawn-over.ts'
import { fetchFrame } from '../../imaging/frames/fetch-frame.ts'
import type { Drawing } from '../../imaging/overlays/drawing-layer.ts'
import { instanceAddress } from '../offered-file.tsx'
import { drawnOn, planesOf, type DrawnObject, type DrawnPart } from './drawn-object.ts'

/** Of frames as they come, one bit a pixel mostly; the oldest go first. Bytes. */
const MOST_KEPT = 64 << 20

/** A segmentation over the images it is of. Its frames are fetched when an image they lie on is shown, and kept. */
export function drawnSegmentation(instance: DicomJson): DrawnObject | undefined {
  const layout = layoutOf(instance)
  if (layout === undefined) return undefined
  const uid = firstString(instance, Tag.SOPInstanceUID) ?? ''
  const segmentation = readSegmentation(instance)
  const parts: DrawnPart[] = segmentation.segments.map(({ number, label, colour }) => ({
    key: `${uid} ${number}`,
    number,
    name: label,
    colour,
  }))
  const partOf = new Map(parts.map((part) => [part.number, part]))
  const kept = new Map<number, Promise<Uint8Array<ArrayBuffer>>>()
  let keptBytes = 0

  function bytesOf(frameNumber: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const known = kept.get(frameNumber)
    if (known !== undefined) return known
    const fetching = fetchFrame(`${instanceAddress(instance)}/frames/${frameNumber}`, 'plain', signal).then(
      ({ bytes }) => {
        keptBytes += bytes.length
        for (const [oldest, bytesOfOldest] of kept) {
          if (keptBytes <= MOST_KEPT || oldest === frameNumber) break
          kept.delete(oldest)
          void bytesOfOldest.then((gone) => (keptBytes -= gone.length))
        }
        return bytes
      },
    )
    kept.set(frameNumber, fetching)
    // What failed, or was given up, is asked for again.
    fetching.catch(() => kept.delete(frameNumber))
    return fetching
  }

  function valuesOf(bytes: Uint8Array, frameNumber: number): Samples | undefined {
    const pixels = layout && pixelDescription(layout, {}, frameNumber)
    const native = pixels && nativeFrame(bytes, false, pixels)
    return native && samplesOf(storedFrame(native, pixels), pixels)
  }

  /** A frame in its colours; what is no segment, or hidden, is clear. */
  function painted(
    { frameNumber, segment }: SegmentFrame,
    bytes: Uint8Array,
    isShown: (key: string) => boolean,
    opacity: number,
  ): HTMLCanvasElement | undefined {
    const values = valuesOf(bytes, frameNumber)
    if (values === undefined || layout === undefined) return undefined
    const picture = new ImageData(layout.columns, layout.rows)
    const { data } = picture
    const one = segment === undefined ? undefined : partOf.get(segment)
    for (let at = 0; at < layout.columns * layout.rows; at++) {
      const value = values[at] ?? 0
      if (value === 0) continue
      const part = segment === undefined ? partOf.get(value) : one
      if (part === undefined || !isShown(part.key)) continue
      const [red, green, blue] = part.colour
      data[at * 4] = red
      data[at * 4 + 1] = green
      data[at * 4 + 2] = blue
      data[at * 4 + 3] =
        255 * opacity * (segmentation.kind === 'fractional' ? Math.min(1, value / segmentation.whole) : 1)
    }
    const canvas = document.createElement('canvas')
    canvas.width = layout.columns
    canvas.height = layout.rows
    canvas.getContext('2d')?.putImageData(picture, 0, 0)
    return canvas
  }

  return {
    kind: 'segmentation',
    parts,
    series: segmentation.series,
    async drawingsOn(image, isShown, opacity, signal) {
      const on = drawnOn(image)
      const frames = segmentFramesOn(segmentation, planesOf(instance), on).filter(
        ({ segment }) => segment === undefined || isShown(partOf.get(segment)?.key ?? ''),
      )
      const bytes = await Promise.all(frames.map(({ frameNumber }) => bytesOf(frameNumber, signal)))
      return frames.flatMap((frame, index): Drawing[] => {
        const canvas = painted(frame, bytes[index] ?? new Uint8Array(), isShown, opacity)
        if (canvas === undefined) return []
        const own = drawnOn({
          url: '',
          metadata: instance,
          frameNumber: frame.frameNumber,
          numberOfFrames: segmentation.frames.length,
        })
        return [{ kind: 'raster', canvas, matrix: fromFrameTo(own, on) }]
      })
    },
  }
}
