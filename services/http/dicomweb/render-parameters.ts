import { invalid } from '../../../core/errors.ts'
import type { RenderOptions } from '../../../core/ports/frame-codec.ts'

const LARGEST_VIEWPORT = 8192
const FUNCTIONS = { linear: 'LINEAR', 'linear-exact': 'LINEAR_EXACT', sigmoid: 'SIGMOID' } as const

/** `quality`, `viewport` and `window` of a rendered resource (PS3.18 8.3.5.1). Errors: 'invalid', naming the parameter. */
export function renderParameters(query: URLSearchParams): Omit<RenderOptions, 'mediaType'> {
  const quality = query.get('quality')
  const viewport = query.get('viewport')
  const window = query.get('window')
  return {
    ...(quality === null ? {} : { quality: parseQuality(quality) }),
    ...(viewport === null ? {} : { viewport: parseViewport(viewport) }),
    ...(window === null ? {} : { window: parseWindow(window) }),
  }
}

function parseQuality(text: string): number {
  const quality = Number(text)
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw invalid('quality-invalid', 'quality is a whole number from 1 to 100.')
  }
  return quality
}

function parseViewport(text: string): { width: number; height: number } {
  const [width = NaN, height = NaN, ...source] = text.split(',').map(Number)
  const sane = [width, height].every(
    (side) => Number.isInteger(side) && side >= 1 && side <= LARGEST_VIEWPORT,
  )
  if (!sane)
    throw invalid('viewport-invalid', `viewport is a width and a height from 1 to ${LARGEST_VIEWPORT}.`)
  if (source.length > 0)
    throw invalid('viewport-invalid', 'A part of an image is not rendered here; leave sx, sy, sw and sh out.')
  return { width, height }
}

function parseWindow(text: string): NonNullable<RenderOptions['window']> {
  const [center = '', width = '', kind = 'linear', ...more] = text.split(',').map((part) => part.trim())
  const chosen = Object.entries(FUNCTIONS).find(([name]) => name === kind.toLowerCase())?.[1]
  const sane =
    center !== '' && Number.isFinite(Number(center)) && Number(width) > 0 && Number(width) < Infinity
  if (!sane || chosen === undefined || more.length > 0 || (chosen === 'LINEAR' && Number(width) < 1)) {
    throw invalid(
      'window-invalid',
      'window is a centre, a width above 0 and linear, linear-exact or sigmoid.',
    )
  }
  return { center: Number(center), width: Number(width), function: chosen }
}
