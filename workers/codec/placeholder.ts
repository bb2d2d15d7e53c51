import sharp from 'sharp'
import type { PlaceholderKind } from '../../core/archive/placeholder-kind.ts'
import type { RenderedMediaType } from '../../core/ports/frame-codec.ts'
import { encode } from './render.ts'

/** Drawn as lines: a server may have no fonts. */
const SHAPES: Record<PlaceholderKind, string> = {
  report: '<path d="M20 12h24l10 10v32H20z"/><path d="M44 12v10h10M27 32h20M27 39h20M27 46h12"/>',
  document:
    '<path d="M20 12h24l10 10v32H20z"/><path d="M44 12v10h10"/><path d="M27 46v-13h5a4 4 0 0 1 0 8h-5M41 33v13M41 33h7M41 39h5"/>',
  'key-objects':
    '<path d="m37 13 6.5 13.200 14.5 2.100-10.5 10.200 2.5 14.5-13-6.800-13 6.800 2.5-14.5L16 28.300l14.5-2.100z"/>',
  presentation: '<circle cx="37" cy="33" r="18"/><path d="M37 15v36M37 22h12M37 29h17M37 37h17M37 44h13"/>',
  segmentation:
    '<path d="M37 14c12 0 20 8 20 18s-7 20-19 20-21-8-21-19 8-19 20-19z"/><path d="M30 26c6-4 13-1 14 6s-5 12-11 10-9-12-3-16z" stroke-dasharray="3 3"/>',
  radiotherapy:
    '<circle cx="37" cy="33" r="5"/><circle cx="37" cy="33" r="12"/><circle cx="37" cy="33" r="19"/><path d="M37 8v10M37 48v10M12 33h10M52 33h10"/>',
  waveform: '<path d="M12 35h11l4-8 5 20 7-32 6 26 4-6h13"/>',
  video: '<rect x="14" y="18" width="46" height="30" rx="4"/><path d="m33 26 12 7-12 7z"/>',
  model: '<path d="m37 12 20 11v21L37 55 17 44V23z"/><path d="m17 23 20 11 20-11M37 34v21"/>',
  unknown:
    '<rect x="17" y="13" width="40" height="40" rx="5"/><path d="M31 28a6 6 0 1 1 8 6c-2 1-2 2-2 4M37 44v.5"/>',
}

/** A calm card with a line drawing, square, `size` pixels wide. */
export function renderPlaceholder(
  kind: PlaceholderKind,
  options: { size: number; mediaType: RenderedMediaType },
): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 74 66" width="${options.size}" height="${options.size}" preserveAspectRatio="xMidYMid meet"><rect x="-60" y="-60" width="200" height="200" fill="#13161b"/><g fill="none" stroke="#7d8794" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${SHAPES[kind]}</g></svg>`
  return encode(sharp(Buffer.from(svg)).flatten({ background: '#13161b' }), options.mediaType, 85)
}
