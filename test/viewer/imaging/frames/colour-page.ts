import type { PixelDescription } from '../../../../core/dicom/pixel-description.ts'
import type { ProfileUse } from '../../../../viewer/imaging/frames/colour-profile.ts'
import { openDecoderPool } from '../../../../viewer/imaging/frames/decoder-pool.ts'
import { createLinkSpeed } from '../../../../viewer/imaging/frames/link-speed.ts'
import { openPixelLoader } from '../../../../viewer/imaging/frames/load-pixels.ts'

const loader = openPixelLoader(openDecoderPool(1), createLinkSpeed())

/** What is shown of a frame in colour. */
export interface Colours {
  readonly profile: ProfileUse
  /** RGB, as stored in a pixel. */
  readonly rgb: number[]
}

async function colours(path: string, pixels: PixelDescription): Promise<Colours> {
  const shown = await loader.load(path, pixels, new AbortController().signal)
  if (shown.kind === 'gray') throw new Error('no colours')
  return { profile: shown.profile, rgb: [...shown.rgba].filter((_, at) => at % 4 < 3) }
}

Object.assign(globalThis, { colours })
