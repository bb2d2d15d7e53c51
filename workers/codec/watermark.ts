import sharp, { type Sharp } from 'sharp'
import { unavailable } from '../../core/errors.ts'

/** The words once in so many pixels down, and from the edge. */
const EVERY = 0.32
const SMALLEST_TYPE = 9
const TURN = -24

/**
 * The image with words all over it, light with a dark edge so that they show on any tissue and hide none. Errors:
 * 'unavailable' code 'watermark-unavailable' where no font of the machine can write them: nothing is served unmarked.
 */
export async function withWatermark(
  image: Sharp,
  { width, height }: { width: number; height: number },
  words: string,
): Promise<Sharp> {
  const overlay = await sharp(Buffer.from(svgOf(words, width, height)))
    .png()
    .toBuffer()
  const { channels } = await sharp(overlay).stats()
  if ((channels[3]?.max ?? 0) === 0)
    throw unavailable('watermark-unavailable', 'The images cannot be marked here: the server has no fonts.')
  return image.toColourspace('srgb').composite([{ input: overlay }])
}

function svgOf(words: string, width: number, height: number): string {
  const size = Math.max(SMALLEST_TYPE, Math.round(Math.min(width, height) / 26))
  const step = Math.max(size * 4, Math.round(Math.max(width, height) * EVERY))
  const lines: string[] = []
  for (let y = Math.round(step / 2); y < height + step; y += step)
    lines.push(
      `<text x="${width / 2}" y="${y}" transform="rotate(${TURN} ${width / 2} ${y})">${escaped(words)}</text>`,
    )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g font-family="sans-serif"
    font-size="${size}" text-anchor="middle" fill="#ffffff" fill-opacity="0.38" stroke="#000000" stroke-opacity="0.3"
    stroke-width="${size / 14}" paint-order="stroke">${lines.join('')}</g></svg>`
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`).replace(/\p{Cc}/gu, '')
