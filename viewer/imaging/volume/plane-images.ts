import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { SUV_TAGS } from '../../../core/measurements/suv.ts'
import { dot3 } from '../../../core/measurements/space.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { projectionsOf } from '../../../core/volume/projection-planes.ts'
import {
  planeOrigin,
  samplingOf,
  type PlaneName,
  type PlaneStack,
} from '../../../core/volume/reformat-planes.ts'
import type { SlabMode } from '../../../core/volume/reslice.ts'
import { presentationOf, type StackImage } from '../stack-image.ts'
import type { OpenVolume } from './open-volume.ts'

/** How thick a plane is, and what becomes of what lies in it. */
export interface Slab {
  readonly mode: SlabMode
  /** Millimetres; 0: a plane. */
  readonly thickness: number
}

export const NO_SLAB: Slab = { mode: 'mean', thickness: 0 }

/** What of an image of the stack is true of its planes too. */
const INHERITED = [
  Tag.StudyInstanceUID,
  Tag.SeriesInstanceUID,
  Tag.SeriesNumber,
  Tag.SeriesDescription,
  Tag.Modality,
  Tag.InstitutionName,
  Tag.FrameOfReferenceUID,
  Tag.PhotometricInterpretation,
  Tag.WindowCenter,
  Tag.WindowWidth,
  Tag.LossyImageCompression,
  ...SUV_TAGS,
]

const SLICE_LOCATION = '00201041'

const ds = (...values: number[]): DicomJson[string] => ({ vr: 'DS', Value: values })
const us = (value: number): DicomJson[string] => ({ vr: 'US', Value: [value] })

/** What is computed of a series says of itself what its images do. */
export function inheritedOf(original: StackImage): DicomJson {
  const presentation = presentationOf(original)
  return Object.fromEntries(
    INHERITED.flatMap((tag) => {
      const element = presentation[tag] ?? original.metadata[tag]
      return element === undefined ? [] : [[tag, element]]
    }),
  )
}

/** Path of the series of an image, WADO-RS. */
export const seriesPath = ({ url }: StackImage): string => url.split('/instances/')[0] ?? url

/**
 * The planes of a volume as a stack that a pane can show.
 *
 * @param version another one each time the volume holds more
 * @param original an image of the stack: window, patient, series
 */
export function planeImages(
  volume: OpenVolume,
  plane: PlaneName,
  stack: PlaneStack,
  slab: Slab,
  original: StackImage,
  version: string,
): StackImage[] {
  // Samples no farther apart than the planes: what lies between is not left out.
  const samples = Math.max(1, Math.round(slab.thickness / stack.spacing) + 1)
  const isSlab = slab.thickness > 0
  const image = imagesOf(volume, plane, original, version)
  return Array.from({ length: stack.count }, (_, index) =>
    image(
      index,
      stack,
      index,
      isSlab
        ? { mode: slab.mode, samples, sample: slab.thickness / (samples - 1) }
        : { mode: 'mean', samples: 1, sample: stack.spacing },
      {
        [SLICE_LOCATION]: ds(dot3(planeOrigin(stack, index), stack.normal)),
        [Tag.SliceThickness]: ds(isSlab ? slab.thickness : stack.spacing),
      },
    ),
  )
}

/** The highest values of a volume as seen from all round: a stack that turns as it is gone through. */
export function projectionImages(volume: OpenVolume, original: StackImage, version: string): StackImage[] {
  const image = imagesOf(volume, 'projection', original, version)
  return projectionsOf(volume.grid).map(({ plane, samples }, view) =>
    image(view, plane, 0, { mode: 'maximum', samples, sample: plane.pixel }),
  )
}

interface Sampled {
  readonly mode: SlabMode
  readonly samples: number
  /** From one to the next, millimetres. */
  readonly sample: number
}

/** Makes images of a stack: the `index`-th plane of `stack`, as its image number `at`. */
function imagesOf(
  volume: OpenVolume,
  view: string,
  original: StackImage,
  version: string,
): (at: number, stack: PlaneStack, index: number, sampled: Sampled, more?: DicomJson) => StackImage {
  const inherited = inheritedOf(original)
  const name = `${seriesPath(original)}/${view}`
  return (at, stack, index, { mode, samples, sample }, more = {}) => ({
    url: `${name}/${at}?${version}`,
    frameNumber: 1,
    numberOfFrames: 1,
    computed: {
      of: view === 'projection' ? 'projection' : 'plane',
      stack: name,
      storedAs: volume.storedAs,
      load: (signal) =>
        volume.plane(samplingOf(volume.grid, stack, index, sample), { mode, samples }, signal),
    },
    metadata: {
      ...inherited,
      ...more,
      [Tag.InstanceNumber]: { vr: 'IS', Value: [at + 1] },
      [Tag.ImagePositionPatient]: ds(...planeOrigin(stack, index)),
      [Tag.ImageOrientationPatient]: ds(...stack.row, ...stack.column),
      [Tag.PixelSpacing]: ds(stack.pixel, stack.pixel),
      [Tag.Rows]: us(stack.rows),
      [Tag.Columns]: us(stack.columns),
      [Tag.SamplesPerPixel]: us(1),
      [Tag.BitsAllocated]: us(16),
      [Tag.BitsStored]: us(16),
      [Tag.HighBit]: us(15),
      [Tag.PixelRepresentation]: us(1),
      [Tag.PixelData]: { vr: 'OW' },
    },
  })
}
