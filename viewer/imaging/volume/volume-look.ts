import { firstString } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { suvOf } from '../../../core/measurements/suv.ts'
import { WHOLE, type CropBox } from '../../../core/volume/crop-box.ts'
import { renderPresetsOf, type RenderPreset } from '../../../core/volume/render-presets.ts'
import type { RenderScene } from '../../../core/volume/render-scene.ts'
import { inWindow, type TransferFunction, type ValueWindow } from '../../../core/volume/transfer-function.ts'
import { cameraOn, type ViewCamera } from '../../../core/volume/view-camera.ts'
import { storedWindows, type StackImage } from '../stack-image.ts'
import type { OpenVolume } from './open-volume.ts'

/** How a volume is looked at. */
export interface VolumeLook {
  readonly camera: ViewCamera
  readonly preset: RenderPreset
  /** Undefined: the preset's, or the series' own. */
  readonly window: ValueWindow | undefined
  /** Black and white turned over, where a picture is grey. */
  readonly turnedOver: boolean
  readonly crop: CropBox
  /** The box has handles. */
  readonly isCropping: boolean
}

/** A look that panes, menus and keys share. */
export interface VolumeLooks {
  readonly volume: OpenVolume
  readonly presets: readonly [RenderPreset, ...RenderPreset[]]
  now(): VolumeLook
  change(change: Partial<VolumeLook>): void
  /** As one sees it first. */
  reset(): void
  /** The window in which the preset stands. */
  window(): ValueWindow
  scene(): RenderScene
  subscribe(listener: () => void): () => void
}

const known = new WeakMap<OpenVolume, VolumeLooks>()

/**
 * The look of a volume, for as long as that is open.
 *
 * @param original an image of the series
 */
export function looksOf(volume: OpenVolume, original: StackImage): VolumeLooks {
  const looks = known.get(volume) ?? openLooks(volume, original)
  known.set(volume, looks)
  return looks
}

/** The look of a volume that a pane shows, or has shown. */
export const openedLooks = (volume: OpenVolume): VolumeLooks | undefined => known.get(volume)

function openLooks(volume: OpenVolume, original: StackImage): VolumeLooks {
  const presets = renderPresetsOf(firstString(original.metadata, Tag.Modality) ?? '')
  const listeners = new Set<() => void>()
  const first = (): VolumeLook => ({
    camera: cameraOn(volume.grid),
    preset: presets[0],
    window: undefined,
    turnedOver: false,
    crop: WHOLE,
    isCropping: false,
  })
  let look = first()

  function set(next: VolumeLook): void {
    look = next
    for (const listener of listeners) listener()
  }
  const window = (): ValueWindow =>
    look.window ?? (look.preset.isRelative ? seriesWindow(original, volume.range()) : look.preset.window)

  return {
    volume,
    presets,
    now: () => look,
    change: (change) => set({ ...look, ...change }),
    reset: () => set({ ...first(), preset: look.preset }),
    window,
    scene() {
      const points = inWindow(look.preset.points, look.preset.window, window())
      return {
        camera: look.camera,
        crop: look.crop,
        mode: look.preset.mode,
        points: look.turnedOver && look.preset.mode === 'maximum' ? overturned(points) : points,
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Uptake by body weight that is black in a whole body. */
const UPTAKE_MOST = 10

/** The window in which a series is looked at: of uptake by body weight, of the file, or all that there is. */
export function seriesWindow(
  original: StackImage,
  range: { readonly least: number; readonly most: number } | undefined,
): ValueWindow {
  const suv = suvOf(original.metadata)
  if (suv?.kind === 'known') return { center: UPTAKE_MOST / 2 / suv.scale, width: UPTAKE_MOST / suv.scale }
  const [stored] = storedWindows(original)
  if (stored !== undefined) return { center: stored.window.center, width: stored.window.width }
  const { least, most } = range ?? { least: 0, most: 1 }
  return { center: (least + most) / 2, width: Math.max(most - least, Number.EPSILON) }
}

/** The colours the other way round. */
const overturned = (points: TransferFunction): TransferFunction =>
  points.map((point, index) => ({
    ...point,
    colour: points[points.length - 1 - index]?.colour ?? point.colour,
  }))
