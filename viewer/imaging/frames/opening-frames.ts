import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { pixelDescription, type PixelDescription } from '../../../core/dicom/pixel-description.ts'
import { HTJ2K_LOSSLESS_RPCL } from '../../../core/dicom/rendition-refusal.ts'
import { outward } from '../../../core/reading/outward.ts'
import { inReadingOrder, layoutOf, openingIndex } from '../../../core/reading/reading-order.ts'
import { FILL, takeUpTo } from '../prefetch-queue.ts'
import { stackOf, type StackImage } from '../stack-image.ts'
import type { Turn } from './fetch-frame.ts'
import type { LoadedPixels, PixelLoader } from './load-pixels.ts'
import { pagePixels } from './page-pixels.ts'

/**
 * A frame of so many pixels is asked for whole: the archive's picture of it stands in, and a preview would only make it exact
 * later. Of a larger one the picture says less, and a preview more.
 */
const WHOLE_MOST = 512 * 512

interface Ahead {
  readonly controller: AbortController
  /** Undefined: it could not be had, and whoever wants it asks for it. */
  readonly pixels: Promise<LoadedPixels | undefined>
}

/** What a series begins with, fetched and decoded before there is a viewer to show it. Of one series at a time. */
export interface OpeningFrames {
  /**
   * Asks for the frame that the series begins with, and on a far link for those about it as they are fetched first (their beginnings,
   * where frames come slowly), as many as fill the link while the viewer starts: it would stand still otherwise. Of another series, what was asked for is given up.
   *
   * @param code fetches the viewer's code, for which these would be in the way; undefined: it is here
   */
  fetch(
    studyInstanceUid: string,
    seriesInstanceUid: string,
    instances: readonly DicomJson[],
    code: (() => Promise<unknown>) | undefined,
  ): void
  /** Each once: a frame that was fetched ahead; undefined: it was not, or could not be had. */
  take(url: string, signal: AbortSignal): Promise<LoadedPixels | undefined>
  /** Nobody opens that study any longer. */
  giveUp(): void
}

/** An image, as its frame is asked for. */
interface Described {
  readonly url: string
  readonly pixels: PixelDescription
}

type Loader = Pick<PixelLoader, 'load' | 'loadQuickly' | 'beginsWithPreview' | 'expects' | 'linkHolds'>

export function createOpeningFrames(loaderOf: () => Loader): OpeningFrames {
  let [first, frames] = ['', new Map<string, Ahead>()]

  function giveUp(): void {
    for (const { controller } of frames.values()) controller.abort()
    ;[first, frames] = ['', new Map()]
  }

  function ask(loader: Loader, { url, pixels }: Described, turn: Turn | undefined): void {
    const controller = new AbortController()
    const isWhole = url === first && pixels.rows * pixels.columns <= WHOLE_MOST
    const loading = (isWhole ? loader.load : loader.loadQuickly)(url, pixels, controller.signal, turn)
    frames.set(url, { controller, pixels: loading.catch(() => undefined) })
  }

  /** Images about the first, in the order in which the viewer asks for them, as many as it would ask for at once. */
  function about(loader: Loader, images: readonly StackImage[], index: number): readonly Described[] {
    const order = outward(index, images.length, 0)
    return takeUpTo(FILL * loader.linkHolds(), () => {
      const image = described(images[order.shift() ?? -1])
      return image && { ...image, bytes: loader.expects(image.url, image.pixels) }
    })
  }

  /** Beginnings that show nothing would each be followed by its rest, in front of what somebody scrolls to. */
  async function giveUpWhatShowsNothing(beginnings: readonly Described[]): Promise<void> {
    const asked = frames
    const pixels = await asked.get(first)?.pixels
    if (pixels === undefined || pixels.storedAs === HTJ2K_LOSSLESS_RPCL) return
    for (const { url } of beginnings) {
      asked.get(url)?.controller.abort()
      asked.delete(url)
    }
  }

  return {
    fetch(studyInstanceUid, seriesInstanceUid, instances, code) {
      const images = stackOf(studyInstanceUid, seriesInstanceUid, instances)
      const index = openingIndex(inReadingOrder(instances))
      const image = described(images[index])
      if (image === undefined || first === image.url) return
      giveUp()
      first = image.url
      const loader = loaderOf()
      const isFar = loader.linkHolds() > 0
      const askAbout = (turn: Turn): void => {
        const others = about(loader, images, index)
        const beginnings = others.filter(({ url, pixels }) => loader.beginsWithPreview(url, pixels))
        for (const each of others) ask(loader, each, turn)
        void giveUpWhatShowsNothing(beginnings)
      }
      // In one answer, in which the first comes first.
      const turn = isFar && code === undefined ? Symbol('opening') : undefined
      ask(loader, image, turn)
      if (turn !== undefined) askAbout(turn)
      else if (isFar)
        code?.().then(
          () => first === image.url && askAbout(Symbol('opening')),
          () => undefined,
        )
    },
    async take(url, signal) {
      const ahead = frames.get(url)
      if (ahead === undefined) return undefined
      frames.delete(url)
      const giveUpOne = (): void => ahead.controller.abort(signal.reason)
      if (signal.aborted) giveUpOne()
      signal.addEventListener('abort', giveUpOne, { once: true })
      try {
        return await ahead.pixels
      } finally {
        signal.removeEventListener('abort', giveUpOne)
      }
    },
    giveUp,
  }
}

function described(image: StackImage | undefined): Described | undefined {
  const layout = image && layoutOf(image.metadata)
  if (image === undefined || layout === undefined) return undefined
  return { url: image.url, pixels: pixelDescription(layout, image.metadata, image.frameNumber) }
}

/** The page's own. */
export const openingFrames = createOpeningFrames(() => pagePixels().whileBusy)

/** A study is being opened, or soon will be: what decodes its first frame starts. */
export const prepareFrames = (): void => pagePixels().prepare()
