import { useSyncExternalStore } from 'react'
import type { PrimaryTool } from '../imaging/pane-tools.ts'

/** A phone, upright or lying: the image gets all there is, rail and list lie over it. The style sheets ask the same. */
export const SMALL_SCREEN = '(max-width: 700px), (max-height: 500px)'

export const isSmallScreen = (): boolean => matchMedia(SMALL_SCREEN).matches

/** A finger is what points here first: it turns over the images, as it does with everything else on such a screen. */
export const isFingerFirst = (): boolean => matchMedia('(pointer: coarse)').matches

const TALL_PHONE = '(max-width: 700px) and (orientation: portrait)'

function listen(changed: () => void): () => void {
  const query = matchMedia(TALL_PHONE)
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** A phone is held upright; again when it is turned. */
export const useTallPhone = (): boolean => useSyncExternalStore(listen, () => matchMedia(TALL_PHONE).matches)

/** What the first button or finger does until another tool is taken. */
export const firstTool = (left: PrimaryTool = 'window'): PrimaryTool => (isFingerFirst() ? 'scroll' : left)
