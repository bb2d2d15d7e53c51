import type { LittleCms } from 'lcms-wasm'
import type { DicomJsonElement } from '../../../core/dicom/dicom-json.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { Tag } from '../../../core/dicom/tag.ts'

/**
 * What became of the colours of a frame: they are as stored (`none`: the file has no profile); converted to sRGB, which
 * canvases are in; or as stored although there is a profile, because it is none that can be used (`refused`) or could not
 * be had (`missing`).
 */
export type ProfileUse = 'none' | 'applied' | 'refused' | 'missing'

/** The ICC profile of a frame in colour. Source: PS3.3 C.11.15.1.1, for grey images it means nothing. */
export function profileElement(pixels: PixelDescription): DicomJsonElement | undefined {
  const isColour = pixels.samplesPerPixel > 1 || pixels.photometricInterpretation === 'PALETTE COLOR'
  const element = isColour ? pixels.presentation[Tag.ICCProfile] : undefined
  return element?.InlineBinary === undefined && element?.BulkDataURI === undefined ? undefined : element
}

/** A profile and what it makes of colours; undefined: it cannot be used. */
interface Conversion {
  readonly profile: Uint8Array
  readonly convert: ((rgb: Uint8Array) => Uint8Array) | undefined
}

/** Series change profiles seldom, and a stack of mixed ones goes back and forth. */
const KEPT = 4
let kept: readonly Conversion[] = []
let opened: Promise<LittleCms> | undefined

/**
 * The colours in sRGB (IEC 61966-2-1), by the rendering intent that the profile names, with black kept black; undefined
 * when the profile is none of RGB input, or broken. Errors: whatever loading the library throws.
 *
 * @param rgb 8 bits a sample, three to a pixel
 * @param profile as in (0028,2000). Source: ICC.1:2010
 */
export async function inSrgb(rgb: Uint8Array, profile: Uint8Array): Promise<Uint8Array | undefined> {
  let known = kept.find((each) => isSame(each.profile, profile))
  if (known === undefined) {
    known = { profile, convert: await conversionBy(profile) }
    kept = [...kept.slice(1 - KEPT), known]
  }
  return known.convert?.(rgb)
}

async function conversionBy(profile: Uint8Array): Promise<Conversion['convert']> {
  const [library, { default: url }] = await Promise.all([
    import('lcms-wasm'),
    import('lcms-wasm/dist/lcms.wasm?url'),
  ])
  opened ??= library.instantiate({
    locateFile: () => url,
    print: () => undefined,
    printErr: () => undefined,
  })
  const cms = await opened
  const from = openProfile(cms, profile)
  if (from === 0) return undefined
  const to = cms.cmsCreate_sRGBProfile()
  const transform =
    cms.cmsGetColorSpaceASCII(from) === 'RGB'
      ? cms.cmsCreateTransform(
          from,
          library.TYPE_RGB_8,
          to,
          library.TYPE_RGB_8,
          cms.cmsGetHeaderRenderingIntent(from),
          library.cmsFLAGS_BLACKPOINTCOMPENSATION | library.cmsFLAGS_HIGHRESPRECALC,
        )
      : 0
  // A transform holds what it needs of them.
  cms.cmsCloseProfile(from)
  cms.cmsCloseProfile(to)
  return transform === 0 ? undefined : (rgb) => cms.cmsDoTransform(transform, rgb, rgb.length / 3)
}

function openProfile(cms: LittleCms, profile: Uint8Array): number {
  const address = cms._malloc(profile.length)
  if (address === 0) return 0
  // The library copies it.
  cms.HEAPU8.set(profile, address)
  const handle = cms.ccall('cmsOpenProfileFromMem', 'number', ['number', 'number'], [address, profile.length])
  cms._free(address)
  return handle
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])
