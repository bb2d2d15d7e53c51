import sharp from 'sharp'
import { invalid } from '../../core/errors.ts'

/** Formats that hold a picture and no program; SVG is not one. */
const FORMATS = new Set(['png', 'jpeg', 'webp'])
/** A photograph of a telephone; more is made to be too much. */
const MOST_PIXELS = 50_000_000
const QUALITY = 90

/** The picture as WebP, at most `largest` pixels wide and high, and nothing else of the file. Errors: 'invalid' code 'picture-invalid'. */
export async function shrink(image: Uint8Array, largest: number): Promise<Uint8Array> {
  try {
    const picture = sharp(image, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    const { format } = await picture.metadata()
    if (!FORMATS.has(format)) throw new Error(`it is ${format}`)
    return await picture
      .rotate() // as its camera held it: that it was turned is not written on
      .resize({ width: largest, height: largest, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, alphaQuality: 100 })
      .toBuffer()
  } catch (error) {
    throw invalid('picture-invalid', 'Take a PNG, JPEG or WebP picture that is whole.', error)
  }
}
