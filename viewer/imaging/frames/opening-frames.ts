import { firstString, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { pixelDescription } from '../../../core/dicom/pixel-description.ts'
import { layoutOf, openingFrame } from '../../../core/reading/reading-order.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { framePath } from '../stack-image.ts'
import type { LoadedPixels } from './load-pixels.ts'
import { pagePixels } from './page-pixels.ts'

/**
 * A frame of so many pixels is asked for whole: the archive's picture of it stands in, and a preview would only make it exact
 * later. Of a larger one the picture says less, and a preview more.
 */
const WHOLE_MOST = 512 * 512

interface Ahead {
  readonly url: string
  readonly controller: AbortController
  /** Undefined: it could not be had, and whoever wants it asks for it. */
  readonly pixels: Promise<LoadedPixels | undefined>
}

let ahead: Ahead | undefined

/** A study is being opened, or soon will be: what decodes its first frame starts. */
export const prepareFrames = (): void => pagePixels().prepare()

/**
 * Fetches and decodes the frame that the series begins with, before there is a viewer to show it. One at a time: of another
 * study, it is given up.
 */
export function fetchOpeningFrame(
  studyInstanceUid: string,
  seriesInstanceUid: string,
  instances: readonly DicomJson[],
): void {
  const frame = openingFrame(instances)
  const metadata = instances.find((each) => firstString(each, Tag.SOPInstanceUID) === frame?.sopInstanceUid)
  const layout = metadata && layoutOf(metadata)
  if (frame === undefined || metadata === undefined || layout === undefined) return
  const url = framePath(studyInstanceUid, seriesInstanceUid, frame.sopInstanceUid, frame.frameNumber)
  if (ahead?.url === url) return
  giveUpOpeningFrame()
  const pixels = pixelDescription(layout, metadata, frame.frameNumber)
  const controller = new AbortController()
  const isSmall = pixels.rows * pixels.columns <= WHOLE_MOST
  const loader = pagePixels().whileBusy
  const loading = (isSmall ? loader.load : loader.loadQuickly)(url, pixels, controller.signal)
  ahead = { url, controller, pixels: loading.catch(() => undefined) }
}

/** Once: the frame that was fetched ahead; undefined: another was, or it could not be had. */
export async function takeOpeningFrame(url: string, signal: AbortSignal): Promise<LoadedPixels | undefined> {
  if (ahead?.url !== url) return undefined
  const { controller, pixels } = ahead
  ahead = undefined
  const giveUp = (): void => controller.abort(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await pixels
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Nobody opens that study any longer. */
export function giveUpOpeningFrame(): void {
  ahead?.controller.abort()
  ahead = undefined
}
