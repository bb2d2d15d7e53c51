import { compressionOf, type Compression } from '../../core/dicom/compression-of.ts'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { calibrationOf, regionCounts } from '../../core/measurements/calibration-of.ts'
import type { Calibration } from '../../core/measurements/shapes.ts'
import { suvOf, type Suv } from '../../core/measurements/suv.ts'
import { stackGeometryOf, type StackGeometry } from '../../core/measurements/stack-geometry.ts'
import type { ProfileUse } from '../imaging/frames/colour-profile.ts'
import type { StackImage } from '../imaging/stack-image.ts'
import type { Texts } from '../locales/texts.ts'

/** What is known of one image, before its stack. */
export interface ImageTrust {
  readonly compression: Compression
  /** Percent of the frame that is here; undefined: all of it. */
  readonly preview: number | undefined
  /** What became of its colours. */
  readonly profile: ProfileUse
  readonly calibration: Calibration
  readonly regions: ReturnType<typeof regionCounts>
  /** Of positron emission images. */
  readonly suv: Suv | undefined
}

/** One thing a reader relies on. */
export interface TrustLine {
  readonly about: 'pixels' | 'colours' | 'geometry' | 'calibration' | 'uptake'
  /** Something a reader has to mind. */
  readonly needsCare: boolean
  /** A few words. */
  readonly text: string
  /** One or two sentences. */
  readonly why: string
}

/** The image as it is on screen. */
interface Shown {
  readonly storedAs: string
  readonly preview?: { readonly percent: number } | undefined
  readonly profile?: ProfileUse
}

const known = new WeakMap<StackImage, { readonly storedAs: string; readonly trust: ImageTrust }>()

/** The same object for the same image each time: it is asked for with every step. */
export function imageTrust(image: StackImage, { storedAs, preview, profile = 'none' }: Shown): ImageTrust {
  const percent = preview?.percent
  const before = known.get(image)
  if (before?.storedAs === storedAs && before.trust.preview === percent && before.trust.profile === profile)
    return before.trust
  const trust = {
    compression: compressionOf(image.metadata, storedAs),
    preview: percent,
    profile,
    calibration: calibrationOf(image.metadata, image.frameNumber, []),
    regions: regionCounts(image.metadata),
    suv: suvOf(image.metadata),
  }
  known.set(image, { storedAs, trust })
  return trust
}

/** Whether the same is to be said of both. */
export const isAlike = (a: ImageTrust, b: ImageTrust): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b)

/** How the stack lies in space; all frames of an instance are in a stack, one after the other. */
export const geometryOfStack = (images: readonly StackImage[]): StackGeometry =>
  stackGeometryOf(images.filter(({ frameNumber }) => frameNumber === 1).map(({ metadata }) => metadata))

/** Modalities whose images lie somewhere in the patient: one that does not say where lacks something. */
const SLICES = new Set(['CT', 'MR', 'PT'])

/** What is shown, how it lies in space, what it measures: in this order. */
export function trustLines(
  image: StackImage,
  trust: ImageTrust,
  geometry: StackGeometry,
  t: Texts['t'],
): TrustLine[] {
  if (image.computed?.of === 'volume')
    return [
      { about: 'pixels', ...pixelWords(trust.compression, t) },
      { about: 'geometry', ...care(t('volume.trust'), t('volume.trust-why')) },
    ]
  const isSlice = SLICES.has(firstString(image.metadata, Tag.Modality) ?? '')
  return [
    {
      about: 'pixels',
      ...(trust.preview === undefined
        ? pixelWords(trust.compression, t)
        : care(
            t('quality.preview', { percent: trust.preview }),
            t('quality.preview-why', { percent: trust.preview }),
          )),
    },
    ...(trust.profile === 'none' ? [] : [{ about: 'colours' as const, ...colourWords(trust.profile, t) }]),
    {
      about: 'geometry',
      ...(image.computed === undefined
        ? geometryWords(geometry, isSlice, t)
        : image.computed.of === 'projection'
          ? calm(t('mpr.trust-projection'), t('mpr.trust-projection-why'))
          : calm(t('mpr.trust'), t('mpr.trust-why'))),
    },
    { about: 'calibration', ...calibrationWords(trust, t) },
    ...(trust.suv === undefined ? [] : [{ about: 'uptake' as const, ...uptakeWords(trust.suv, t) }]),
  ]
}

type Words = Omit<TrustLine, 'about'>

const calm = (text: string, why: string): Words => ({ needsCare: false, text, why })
const care = (text: string, why: string): Words => ({ needsCare: true, text, why })

function pixelWords(compression: Compression, t: Texts['t']): Words {
  switch (compression.kind) {
    case 'lossless':
      return calm(
        t('reading.trust-lossless'),
        t(compression.stated ? 'reading.trust-lossless-why' : 'reading.trust-lossless-unstated-why'),
      )
    case 'unknown':
      return care(
        t('reading.trust-loss-unknown'),
        t('reading.trust-loss-unknown-why', { method: compression.method }),
      )
    case 'lossy': {
      const ratios = compression.ratios.map((ratio) => `${Number(ratio.toPrecision(3))}:1`).join(' + ')
      const how = [...compression.methods, ratios].filter((part) => part !== '').join(', ')
      return care(
        [t('reading.trust-lossy'), ratios].filter((part) => part !== '').join(' '),
        t('reading.trust-lossy-why', { how: how === '' ? t('reading.trust-lossy-unstated') : how }),
      )
    }
  }
}

const colourWords = (profile: Exclude<ProfileUse, 'none'>, t: Texts['t']): Words =>
  profile === 'applied'
    ? calm(t('quality.profile'), t('quality.profile-why'))
    : care(t('quality.no-profile'), t(`quality.profile-${profile}-why`))

/** Places with missing images that are named; of more, only how many. */
const NAMED_GAPS = 4

function geometryWords(geometry: StackGeometry, isSlice: boolean, t: Texts['t']): Words {
  const spacing = 'spacing' in geometry ? millimetres(geometry.spacing) : ''
  const degrees = 'tilt' in geometry ? geometry.tilt.toFixed(1) : ''
  const isTilted = 'tilt' in geometry && geometry.tilt > 0
  const withTilt = (why: string): string =>
    isTilted ? `${why} ${t('reading.trust-tilt-why', { degrees })}` : why
  const orTilt = (text: string, why: string): Words =>
    isTilted ? care(t('reading.trust-tilt', { degrees }), withTilt(why)) : calm(text, why)
  switch (geometry.kind) {
    case 'uniform':
      return orTilt(
        t('reading.trust-uniform', { spacing }),
        [t('reading.trust-uniform-why', { spacing }), thicknessWords(geometry, t)]
          .filter((part) => part !== '')
          .join(' '),
      )
    case 'repeated':
      return orTilt(
        t('reading.trust-repeated', { spacing, times: geometry.times }),
        t('reading.trust-repeated-why', { spacing, times: geometry.times }),
      )
    case 'gaps': {
      const { gaps } = geometry
      const places = gaps
        .slice(0, NAMED_GAPS)
        .map(({ between: [from, to], missing }) =>
          t('reading.trust-gap-place', { count: missing, from: from + 1, to: to + 1 }),
        )
      if (gaps.length > NAMED_GAPS) places.push('…')
      return care(
        t('reading.trust-gaps', { count: gaps.reduce((sum, { missing }) => sum + missing, 0) }),
        withTilt(t('reading.trust-gaps-why', { spacing, places: places.join(t('reading.trust-and')) })),
      )
    }
    case 'duplicates':
      return care(
        t('reading.trust-duplicates', { count: geometry.places }),
        withTilt(t('reading.trust-duplicates-why', { count: geometry.places, spacing })),
      )
    case 'irregular': {
      const { smallest, largest, sideways } = geometry
      if (sideways > 0) {
        const shift = { sideways: millimetres(sideways) }
        return care(t('reading.trust-shifted', shift), t('reading.trust-shifted-why', shift))
      }
      const range = { smallest: millimetres(smallest), largest: millimetres(largest) }
      return care(t('reading.trust-irregular', range), t('reading.trust-irregular-why', range))
    }
    case 'mixed-orientations': {
      const count = geometry.orientations
      return care(
        t('reading.trust-mixed', { number: count }),
        t('reading.trust-mixed-why', { number: count }),
      )
    }
    case 'one-place':
      return calm(
        t('reading.trust-one-place', { times: geometry.times }),
        t('reading.trust-one-place-why', { times: geometry.times }),
      )
    case 'single':
      return calm(t('reading.trust-single'), t('reading.trust-single-why'))
    case 'not-spatial':
      if (geometry.because === 'some-positions')
        return care(t('reading.trust-some-positions'), t('reading.trust-some-positions-why'))
      if (geometry.because === 'several-frames')
        return care(t('reading.trust-several-frames'), t('reading.trust-several-frames-why'))
      return (isSlice ? care : calm)(t('reading.trust-not-spatial'), t('reading.trust-not-spatial-why'))
  }
}

/** Less than this between a thickness and a spacing is rounding. Millimetres. */
const SAME_THICKNESS = 0.05

function thicknessWords(
  { spacing, thickness }: { readonly spacing: number; readonly thickness: number | undefined },
  t: Texts['t'],
): string {
  if (thickness === undefined || Math.abs(thickness - spacing) <= SAME_THICKNESS) return ''
  const values = { thickness: millimetres(thickness) }
  return t(thickness > spacing ? 'reading.trust-overlap' : 'reading.trust-apart', values)
}

function calibrationWords({ calibration, regions }: ImageTrust, t: Texts['t']): Words {
  if (regions.all > 0) {
    return regions.inMillimetres > 0
      ? calm(t('reading.trust-regions'), t('reading.trust-regions-why'))
      : care(t('reading.trust-no-millimetres'), t('reading.trust-regions-none-why'))
  }
  const spacing = 'spacing' in calibration ? pixelSize(calibration.spacing) : ''
  switch (calibration.kind) {
    case 'patient':
      return calm(t('reading.trust-calibrated'), t('reading.trust-patient-why', { spacing }))
    case 'known-length':
      return calm(
        t('measuring.trust-known-length'),
        t('measuring.trust-known-length-why', { spacing, millimetres: calibration.millimetres }),
      )
    case 'calibrated': {
      const { by } = calibration
      const text = by === 'unknown' ? t('reading.trust-calibrated') : t(`reading.trust-calibrated-${by}`)
      return calm(text, t(`reading.trust-calibrated-${by}-why`, { spacing }))
    }
    case 'magnification': {
      const factor = Number(calibration.factor.toFixed(3))
      return calm(
        t('reading.trust-magnification', { factor }),
        t('reading.trust-magnification-why', { spacing, factor }),
      )
    }
    case 'detector':
      if (calibration.accepted)
        return care(t('measuring.trust-at-detector'), t('measuring.trust-at-detector-why', { spacing }))
      return care(t('reading.trust-detector'), t('reading.trust-detector-why', { spacing }))
    case 'ultrasound-region':
    case 'none':
      return care(t('reading.trust-no-millimetres'), t('reading.trust-none-why'))
  }
}

const uptakeWords = (suv: Suv, t: Texts['t']): Words =>
  suv.kind === 'known'
    ? calm(t('reading.trust-uptake'), t('reading.trust-uptake-why'))
    : care(t('reading.trust-no-uptake'), t(`reading.trust-no-uptake-${suv.because}`))

const millimetres = (value: number): string => String(Number(value.toFixed(2)))

/** Of a pixel, along a row and across: two figures only where they differ. */
export function pixelSize([x, y]: readonly [number, number]): string {
  const [width, height] = [x, y].map((value) => String(Number(value.toPrecision(3))))
  return width === height ? (width ?? '') : `${width} × ${height}`
}
