import { eventTarget } from '@cornerstonejs/core'
import type { FrameImage } from './frames/frame-image.ts'
import { FRAME_COMPLETED, type FrameLoader } from './frames/frame-loader.ts'
import { previewPercent } from './frames/preview-bytes.ts'
import { RESTING } from './prefetch.ts'

/** That what is shown is a preview. */
export interface ShownPreview {
  /** How much of the frame is here. */
  readonly percent: number
  /** Somebody wanted to measure on it. */
  readonly isNeeded: boolean
}

/** How exact the image of a pane is; one that is a preview becomes exact once somebody stays with it. */
export interface ShownQuality {
  /** The pane shows this now. */
  shows(image: FrameImage | undefined): void
  preview(): ShownPreview | undefined
  /** Somebody wants to measure: whether they may. If not, the image is completed at once, and the pane says so. */
  need(): boolean
  close(): void
}

/** A frame whose rest could not be had is tried again. Milliseconds. */
const AGAIN = 3_000

/**
 * @param onExact the image that is shown has other pixels now
 * @param onChange something else is to be said of it
 */
export function openShownQuality(
  frames: Pick<FrameLoader, 'complete'>,
  onExact: (image: FrameImage) => void,
  onChange: () => void,
): ShownQuality {
  let shown: FrameImage | undefined
  let isNeeded = false
  let waiting: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function leave(): void {
    clearTimeout(timer)
    waiting?.abort()
    waiting = undefined
    isNeeded = false
  }

  function complete(image: FrameImage): void {
    clearTimeout(timer)
    if (waiting !== undefined || image.beginning === undefined) return
    const controller = new AbortController()
    waiting = controller
    frames.complete(image.imageId, controller.signal).catch(() => {
      if (controller.signal.aborted) return
      waiting = undefined
      timer = setTimeout(() => complete(image), AGAIN)
    })
  }

  const onCompleted = (event: Event): void => {
    const { image } = (event as CustomEvent<{ image: FrameImage }>).detail
    if (image !== shown) return
    leave()
    onExact(image)
  }
  eventTarget.addEventListener(FRAME_COMPLETED, onCompleted)

  return {
    shows(image) {
      if (image === shown) return
      leave()
      shown = image
      if (image?.beginning !== undefined) timer = setTimeout(() => complete(image), RESTING)
    },
    preview: () => shown?.beginning && { percent: previewPercent(shown.beginning), isNeeded },
    need() {
      if (shown?.beginning === undefined) return true
      isNeeded = true
      complete(shown)
      onChange()
      return false
    },
    close() {
      leave()
      eventTarget.removeEventListener(FRAME_COMPLETED, onCompleted)
    },
  }
}
