import { Enums, type Types } from '@cornerstonejs/core'
import type { VoiWindow } from '../../core/dicom/grayscale.ts'
import type { DragMove } from './drag-tools.ts'
import { draggedWindow } from './drag-window.ts'
import type { FrameImage } from './frames/frame-image.ts'
import { rangeOf } from './frames/frame-look.ts'

/** What a person chose beyond what the files say, for the whole stack. */
export interface LookChoice {
  /** Undefined: each image has its own. */
  readonly window: VoiWindow | undefined
  /** Black and white turned over. */
  readonly turnedOver: boolean
}

export const AS_FILED: LookChoice = { window: undefined, turnedOver: false }

/** Window and inversion of the images of a stack: what was chosen, else what each file says. */
export interface StackLook {
  choice(): LookChoice
  /** In the units after the modality transform; undefined in colour. */
  window(): VoiWindow | undefined
  /** Shows the image at hand by what was chosen, else as its file says: the library keeps both from image to image. */
  apply(): void
  choose(next: LookChoice): void
  /** A window as a person sets it; undefined: by the values of the image shown. */
  setWindow(window: Pick<VoiWindow, 'center' | 'width'> | undefined): void
  invert(): void
  /** Whether enlarged pixels flow into one another. */
  setSmooth(smooth: boolean): void
  /** A drag that sets the window; undefined where there is none to set. */
  beginDrag(): DragMove | undefined
  /** The image was a preview: what its values span is known only from now on. */
  becameExact(image: FrameImage): void
  /** As filed; `apply` shows it. */
  forgetChoice(): void
  /** Another stack. */
  forget(): void
}

/**
 * @param shownImage the image that is on screen, be it for a moment still
 * @param isReady it is the one that is wanted
 */
export function openStackLook(
  viewport: Types.IStackViewport,
  shownImage: () => FrameImage | undefined,
  isReady: () => boolean,
  announce: () => void,
): StackLook {
  let choice: LookChoice = AS_FILED
  /** Of the first image that names none: what its values span. The others are shown alike, to be compared. */
  let automatic: VoiWindow | undefined
  let automaticOf: FrameImage | undefined
  /** The library's own until somebody wants another. */
  let interpolationType: Enums.InterpolationType | undefined
  let shown: { readonly window: VoiWindow | undefined; readonly inverted: boolean } = {
    window: undefined,
    inverted: false,
  }

  function apply(): void {
    const image = shownImage()
    if (image === undefined || !isReady()) return
    const { look } = image
    if (look?.automatic === true && automatic === undefined) [automatic, automaticOf] = [look.window, image]
    const window = look && (choice.window ?? (look.automatic ? automatic : look.window))
    shown = { window, inverted: choice.turnedOver !== (look?.inverted ?? false) }
    viewport.setProperties({
      voiRange: window === undefined ? { lower: 0, upper: 255 } : image.toRange(rangeOf(window)),
      invert: shown.inverted,
      ...(interpolationType === undefined ? {} : { interpolationType }),
    })
    viewport.render()
    announce()
  }

  function choose(next: LookChoice): void {
    choice = next
    apply()
  }

  /** Linear, or the sigmoid of the file. */
  const personal = ({ center, width }: Pick<VoiWindow, 'center' | 'width'>): VoiWindow => ({
    center,
    width,
    function: shownImage()?.look?.windowFunction ?? 'LINEAR',
  })

  return {
    choice: () => choice,
    window: () => shown.window,
    apply,
    choose,
    setWindow: (window) =>
      choose({ ...choice, window: window === undefined ? shownImage()?.look?.spanned() : personal(window) }),
    invert: () => choose({ ...choice, turnedOver: !choice.turnedOver }),
    setSmooth(smooth) {
      const { LINEAR, NEAREST } = Enums.InterpolationType
      if (smooth && interpolationType === undefined) return
      interpolationType = smooth ? LINEAR : NEAREST
      apply()
    },
    beginDrag() {
      const { window, inverted } = shown
      if (window === undefined || !isReady()) return undefined
      return (right, down) =>
        choose({ ...choice, window: draggedWindow(personal(window), right, inverted ? -down : down) })
    },
    becameExact(image) {
      if (automaticOf === image) automatic = undefined
      apply()
    },
    forgetChoice() {
      choice = AS_FILED
    },
    forget() {
      automatic = undefined
      choice = AS_FILED
    },
  }
}
