import type { Page } from 'playwright-core'
import type { DrawnKind, MeasuredValue } from '../../core/measurements/shapes.ts'
import { COLUMNS, ROWS, valueAt, type Phantom, type Point } from './phantoms.ts'
import type { ScreenMap } from './screen-map.ts'

/** One tool, how a hand draws with it, and what it must measure there: computed here, from where things are. */
export interface DrawnTool {
  readonly kind: DrawnKind
  /** Of the keyboard. */
  readonly key: string
  draw(hand: Hand): Promise<void>
  expected(phantom: Phantom): readonly Expected[]
}

export interface Expected {
  readonly quantity: MeasuredValue['quantity']
  readonly value: number
  readonly unit: string
  /** How far it may be off. */
  readonly within: number
}

/** A mouse that is told places of the image. */
export interface Hand {
  /** Presses, moves along the others, lets go. */
  drag(...points: Point[]): Promise<void>
  click(point: Point): Promise<void>
}

export function handOf(page: Page, map: ScreenMap): Hand {
  const go = async (point: Point, steps: number): Promise<void> => {
    const [x, y] = map(point)
    await page.mouse.move(x, y, { steps })
  }
  return {
    async drag(first, ...others) {
      await go(first, 1)
      await page.mouse.down()
      for (const point of others) await go(point, 8)
      await page.mouse.up()
    },
    async click(point) {
      await go(point, 3)
      await page.mouse.down()
      await page.mouse.up()
    },
  }
}

/** Half a pixel of the image, as long as that is there: the longer of its sides. */
const halfPixel = ({ place }: Phantom): number =>
  Math.max(distance(place([0, 0]), place([1, 0])), distance(place([0, 0]), place([0, 1]))) / 2

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)))

/** Within 0.5 %, or half a pixel. */
const length = (phantom: Phantom, quantity: Expected['quantity'], from: Point, to: Point): Expected => {
  const value = distance(phantom.place(from), phantom.place(to))
  return { quantity, value, unit: phantom.unit, within: Math.max(0.005 * value, halfPixel(phantom)) }
}

/** Between two directions in space. Half a pixel at the end of a short leg is a degree. */
function angle(
  phantom: Phantom,
  quantity: Expected['quantity'],
  one: [Point, Point],
  other: [Point, Point],
): Expected {
  const along = ([from, to]: [Point, Point]): number[] => {
    const [a, b] = [phantom.place(from), phantom.place(to)]
    return b.map((value, axis) => value - (a[axis] ?? 0))
  }
  const [u, v] = [along(one), along(other)]
  const cos =
    u.reduce((sum, value, axis) => sum + value * (v[axis] ?? 0), 0) / (Math.hypot(...u) * Math.hypot(...v))
  return { quantity, value: (Math.acos(cos) * 180) / Math.PI, unit: 'deg', within: 0.6 }
}

/** Half a pixel all around would be more: a tenth. */
function area(phantom: Phantom, pixels: number, around: number): Expected {
  const pixel =
    distance(phantom.place([0, 0]), phantom.place([1, 0])) *
    distance(phantom.place([0, 0]), phantom.place([0, 1]))
  const within = Math.max(0.005 * pixels, 0.1 * around)
  const unit = phantom.unit === 'mm' ? 'mm2' : phantom.unit
  return { quantity: 'area', value: pixels * pixel, unit, within: within * pixel }
}

/** Of all pixels whose middle lies inside; `sure`: no pixel is near to the edge. */
function statistics(isInside: (x: number, y: number) => boolean, sure: boolean): Omit<Expected, 'unit'>[] {
  const inside: number[] = []
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      if (isInside(column + 0.5, row + 0.5)) inside.push(valueAt(column, row))
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length
  const deviation = Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length)
  return [
    { quantity: 'mean', value: mean, within: sure ? 1e-6 : 0.005 * mean },
    { quantity: 'standard-deviation', value: deviation, within: sure ? 1e-6 : 0.03 * deviation },
    ...(sure
      ? [
          { quantity: 'minimum' as const, value: Math.min(...inside), within: 0 },
          { quantity: 'maximum' as const, value: Math.max(...inside), within: 0 },
        ]
      : []),
  ]
}

const valued = ({ values }: Phantom, expected: readonly Omit<Expected, 'unit'>[]): Expected[] =>
  expected.map((each) => ({ ...each, unit: values }))

export const LINE: [Point, Point] = [
  [40, 30],
  [90, 70],
]
const OUTLINE: readonly Point[] = [
  [40, 30],
  [95, 35],
  [90, 75],
  [50, 80],
]
const [LEFT, TOP, RIGHT, BOTTOM] = [40, 30, 90, 70]
const CENTRE: Point = [70, 50]

export const DRAWN_TOOLS: readonly DrawnTool[] = [
  {
    kind: 'length',
    key: 'KeyD',
    draw: ({ drag }) => drag(...LINE),
    expected: (phantom) => [length(phantom, 'length', ...LINE)],
  },
  {
    kind: 'bidirectional',
    key: 'KeyK',
    draw: ({ drag }) => drag(...LINE),
    expected: (phantom) => [length(phantom, 'long-axis', ...LINE)],
  },
  {
    kind: 'angle',
    key: 'KeyA',
    async draw({ drag, click }) {
      await drag([100, 40], [50, 45])
      await click([90, 80])
    },
    expected: (phantom) => [
      angle(
        phantom,
        'angle',
        [
          [50, 45],
          [100, 40],
        ],
        [
          [50, 45],
          [90, 80],
        ],
      ),
    ],
  },
  {
    kind: 'cobb',
    key: 'Shift+KeyA',
    async draw({ drag }) {
      await drag([40, 25], [100, 35])
      await drag([40, 80], [100, 60])
    },
    expected: (phantom) => [
      angle(
        phantom,
        'cobb-angle',
        [
          [40, 25],
          [100, 35],
        ],
        [
          [40, 80],
          [100, 60],
        ],
      ),
    ],
  },
  {
    kind: 'ellipse',
    key: 'KeyE',
    draw: ({ drag }) => drag(CENTRE, [95, 65]),
    expected: (phantom) => [
      area(phantom, Math.PI * 25 * 15, 2 * Math.PI * 20),
      ...valued(
        phantom,
        statistics((x, y) => ((x - 70) / 25) ** 2 + ((y - 50) / 15) ** 2 <= 1, false),
      ),
    ],
  },
  {
    kind: 'circle',
    key: 'Shift+KeyE',
    draw: ({ drag }) => drag(CENTRE, [90, 50]),
    expected(phantom) {
      // Round in the patient: as wide as it was drawn, and not as high where pixels are not square.
      const high =
        distance(phantom.place([0, 0]), phantom.place([1, 0])) /
        distance(phantom.place([0, 0]), phantom.place([0, 1]))
      const [a, b] = [20, 20 * high]
      return [
        area(phantom, Math.PI * a * b, Math.PI * (a + b)),
        length(phantom, 'diameter', [50, 50], [90, 50]),
        ...valued(
          phantom,
          statistics((x, y) => ((x - 70) / a) ** 2 + ((y - 50) / b) ** 2 <= 1, false),
        ),
      ]
    },
  },
  {
    kind: 'rectangle',
    key: 'KeyQ',
    draw: ({ drag }) => drag([LEFT, TOP], [RIGHT, BOTTOM]),
    expected: (phantom) => [
      area(phantom, (RIGHT - LEFT) * (BOTTOM - TOP), 2 * (RIGHT - LEFT + BOTTOM - TOP)),
      ...valued(
        phantom,
        statistics((x, y) => x > LEFT && x < RIGHT && y > TOP && y < BOTTOM, true),
      ),
    ],
  },
  {
    kind: 'freehand',
    key: 'KeyF',
    draw: ({ drag }) => drag(OUTLINE[0] ?? CENTRE, ...OUTLINE.slice(1), OUTLINE[0] ?? CENTRE),
    expected(phantom) {
      const pairs = OUTLINE.map(
        (from, index) => [from, OUTLINE[(index + 1) % OUTLINE.length] ?? from] as const,
      )
      const pixels = Math.abs(pairs.reduce((sum, [a, b]) => sum + a[0] * b[1] - a[1] * b[0], 0)) / 2
      const around = pairs.reduce((sum, [a, b]) => sum + Math.hypot(b[0] - a[0], b[1] - a[1]), 0)
      return [area(phantom, pixels, around)]
    },
  },
  {
    kind: 'probe',
    key: 'KeyJ',
    draw: ({ click }) => click([80.5, 40.5]),
    expected: (phantom) => valued(phantom, [{ quantity: 'value', value: valueAt(80, 40), within: 0 }]),
  },
  {
    kind: 'cardiothoracic',
    key: 'Shift+KeyC',
    // Neither line is quite level: they are made so.
    async draw({ drag }) {
      await drag([60, 40], [100, 43])
      await drag([30, 60], [130, 58])
    },
    expected: (phantom) => [
      length(phantom, 'heart-width', [60, 40], [100, 40]),
      length(phantom, 'thorax-width', [30, 60], [130, 60]),
      { quantity: 'cardiothoracic-ratio', value: 0.4, unit: '{ratio}', within: 0.4 * 0.01 },
    ],
  },
]
