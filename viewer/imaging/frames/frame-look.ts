import {
  isInverted,
  spanOfValues,
  storedWindow,
  voiTable,
  type VoiWindow,
} from '../../../core/dicom/grayscale.ts'
import type { PixelDescription } from '../../../core/dicom/pixel-description.ts'
import type { MeasuredFrame } from './measure.ts'

/** The values shown black and white, as the imaging library wants a window. */
export interface ValueRange {
  readonly lower: number
  readonly upper: number
}

/** How a grey frame asks to be shown (PS3.3 C.11.2), before a person chooses otherwise. */
export interface FrameLook {
  readonly window: VoiWindow
  /** The window follows from the values: the file names none. */
  readonly automatic: boolean
  readonly inverted: boolean
  /** What a window that a person sets is: a sigmoid stays one. */
  readonly windowFunction: VoiWindow['function']
  /** The window its values span, whatever the file says. */
  spanned(): VoiWindow
  /**
   * From a value to 0…255, by a range: the curve of the file, between the range's ends. At the range of `window` it is
   * what the file asks for; a person who changes the window stretches it.
   */
  levels(range: ValueRange): (value: number) => number
  /** Whether `levels` is a straight line. */
  readonly isStraight: boolean
}

export function lookOf(pixels: PixelDescription, frame: MeasuredFrame): FrameLook {
  const { presentation } = pixels
  const spanned = (): VoiWindow => {
    const { from, to } = frame.padding ?? { from: Infinity, to: -Infinity }
    const valueOf = (value: number): number => (value >= from && value <= to ? NaN : value)
    return spanOfValues(frame.values, valueOf, pixels.sampleKind === 'integer')
  }
  const base = { inverted: isInverted(pixels), spanned, automatic: false }
  const straight = { ...base, windowFunction: 'LINEAR', levels: straightLevels, isStraight: true } as const
  const window = storedWindow(presentation)
  if (window?.function === 'SIGMOID')
    return { ...base, window, windowFunction: 'SIGMOID', levels: sigmoidLevels, isStraight: false }
  if (window !== undefined) return { ...straight, window }
  const table = voiTable(pixels)
  if (table === undefined) return { ...straight, window: spanned(), automatic: true }
  return {
    ...straight,
    window: {
      center: (table.first + table.last + 1) / 2,
      width: table.last - table.first + 1,
      function: 'LINEAR',
    },
    isStraight: false,
    levels({ lower, upper }) {
      const stretch = upper > lower ? (table.last - table.first) / (upper - lower) : 1
      return (value) => (table.at(table.first + (value - lower) * stretch) / table.largest) * 255
    },
  }
}

/** The values a window shows black and white. Source: PS3.3 C.11.2.1.2.1 (linear), C.11.2.1.3.2 (linear exact). */
export function rangeOf({ center, width, function: kind }: VoiWindow): ValueRange {
  return kind === 'LINEAR'
    ? { lower: center - 0.5 - (width - 1) / 2, upper: center - 0.5 + (width - 1) / 2 }
    : { lower: center - width / 2, upper: center + width / 2 }
}

function straightLevels({ lower, upper }: ValueRange): (value: number) => number {
  const scale = 255 / (upper - lower)
  return (value) => (value <= lower ? 0 : value >= upper ? 255 : (value - lower) * scale)
}

function sigmoidLevels({ lower, upper }: ValueRange): (value: number) => number {
  const center = (lower + upper) / 2
  return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / (upper - lower)))
}
