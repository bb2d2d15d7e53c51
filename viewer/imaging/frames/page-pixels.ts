import { openDecoderPool } from './decoder-pool.ts'
import { fetchTimed } from './fetch-timed.ts'
import { fetchTogether } from './fetch-together.ts'
import { createLinkSpeed } from './link-speed.ts'
import { nothingKnown, openPixelLoader, type PixelLoader } from './load-pixels.ts'
import { recentPageLink } from './page-link.ts'

/** Workers that decode: one core is the page's. */
const MOST_DECODERS = 4

export interface PagePixels {
  readonly loader: PixelLoader
  /** The same for what comes while the page is busy with its own code: how long that takes says nothing of the link. */
  readonly whileBusy: PixelLoader
  /** Starts what the first frame will need, before it is asked for. */
  prepare(): void
}

let opened: PagePixels | undefined

/** The page's one way to frames. It needs nothing of the imaging library, and is there before that is. */
export const pagePixels = (): PagePixels => (opened ??= open())

function open(): PagePixels {
  const decoders = openDecoderPool(Math.max(1, Math.min(MOST_DECODERS, navigator.hardwareConcurrency - 1)))
  const link = createLinkSpeed(() => performance.now(), recentPageLink())
  const untimed = { answered: () => undefined, arrived: () => undefined, end: () => undefined }
  const unheard = { ...link, begin: () => untimed }
  const known = nothingKnown()
  return {
    loader: openPixelLoader(decoders, link, fetchTogether(fetchTimed(link), link), known),
    whileBusy: openPixelLoader(decoders, unheard, fetchTogether(fetchTimed(unheard), unheard), known),
    prepare: () => decoders.prepare(),
  }
}
