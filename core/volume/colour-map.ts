import type { Rgb } from '../dicom/drawn/colour.ts'

/** Colours for the values of what is laid over an image, from the lower end of its window to the upper. */
export type ColourMapName = 'hot-iron' | 'pet' | 'pet-20' | 'rainbow' | 'grey' | 'inverted-grey'

/** A channel at an entry, both 0 to 255; straight between. */
type Knot = readonly [entry: number, value: number]

type ColourMap =
  /** A polyline for each of red, green, blue. */
  | { readonly kind: 'slopes'; readonly channels: readonly [Knot[], Knot[], Knot[]] }
  /** A colour from this entry on. */
  | { readonly kind: 'steps'; readonly steps: readonly (readonly [entry: number, ...Rgb])[] }

const END = 255
const SHARE = END / 4

/**
 * Hot Iron, PET and PET 20 Step are well-known palettes of the standard, entry by entry (PS3.6 B.1.1, B.1.2, B.1.4). The
 * rainbow from blue to red is how planning systems draw dose.
 */
const MAPS: Readonly<Record<ColourMapName, ColourMap>> = {
  'hot-iron': {
    kind: 'slopes',
    channels: [
      [
        [0, 0],
        [127, 254],
        [128, END],
      ],
      [
        [128, 0],
        [254, 252],
        [END, END],
      ],
      [
        [191, 0],
        [254, 252],
        [END, END],
      ],
    ],
  },
  pet: {
    kind: 'slopes',
    channels: [
      [
        [63, 0],
        [64, 1],
        [106, 85],
        [107, 86],
        [149, 170],
        [150, 171],
        [192, END],
      ],
      [
        [0, 0],
        [31, 62],
        [32, 65],
        [62, 125],
        [63, 128],
        [95, 64],
        [96, 63],
        [127, 1],
        [128, 0],
        [254, 252],
        [END, END],
      ],
      [
        [0, 0],
        [1, 1],
        [128, END],
        [129, 252],
        [192, 0],
        [212, 80],
        [213, 85],
        [233, 165],
        [234, 170],
        [254, 250],
        [END, END],
      ],
    ],
  },
  'pet-20': {
    kind: 'steps',
    steps: [
      [0, 0, 0, 0],
      [13, 96, 0, 80],
      [26, 48, 48, 80],
      [39, 48, 48, 112],
      [51, 80, 80, 128],
      [64, 96, 96, 176],
      [77, 112, 112, 192],
      [90, 128, 128, 224],
      [102, 48, 96, 48],
      [115, 48, 144, 48],
      [128, 80, 192, 80],
      [141, 64, 224, 64],
      [153, 224, 224, 80],
      [166, 208, 208, 96],
      [179, 208, 176, 64],
      [192, 208, 144, 0],
      [204, 192, 96, 0],
      [217, 176, 48, 0],
      [230, 255, 0, 0],
      [243, 255, 255, 255],
    ],
  },
  rainbow: {
    kind: 'slopes',
    channels: [
      [
        [2 * SHARE, 0],
        [3 * SHARE, END],
      ],
      [
        [0, 0],
        [SHARE, END],
        [3 * SHARE, END],
        [END, 0],
      ],
      [
        [SHARE, END],
        [2 * SHARE, 0],
      ],
    ],
  },
  grey: { kind: 'slopes', channels: [ramp(0, END), ramp(0, END), ramp(0, END)] },
  'inverted-grey': { kind: 'slopes', channels: [ramp(END, 0), ramp(END, 0), ramp(END, 0)] },
}

function ramp(from: number, to: number): Knot[] {
  return [
    [0, from],
    [END, to],
  ]
}

export const COLOUR_MAPS = Object.keys(MAPS) as readonly ColourMapName[]

/** So many colours has a map. */
export const COLOURS = END + 1

/** The colour at an entry, 0 to 255. */
export function colourAt(name: ColourMapName, entry: number): Rgb {
  const map = MAPS[name]
  if (map.kind === 'steps') {
    const [, ...colour] = map.steps.findLast(([start]) => entry >= start) ?? [0, 0, 0, 0]
    return colour
  }
  const [red, green, blue] = map.channels
  return [channelAt(red, entry), channelAt(green, entry), channelAt(blue, entry)]
}

function channelAt(knots: readonly Knot[], entry: number): number {
  const next = knots.findIndex(([at]) => at >= entry)
  const [to, before] = [knots[next] ?? knots.at(-1), knots[next - 1]]
  if (to === undefined || before === undefined || next < 0) return Math.round(to?.[1] ?? 0)
  return Math.round(before[1] + ((to[1] - before[1]) * (entry - before[0])) / (to[0] - before[0]))
}
