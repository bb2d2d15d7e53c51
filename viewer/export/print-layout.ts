/** Images a page. */
export const IMAGES_A_PAGE = [1, 2, 4, 6, 12, 20] as const
export type ImagesAPage = (typeof IMAGES_A_PAGE)[number]

/** Upright: width and height in mm (ISO 216; ANSI/ASME Y14.1). */
export const PAPERS = { A4: [210, 297], Letter: [215.9, 279.4] } as const
export type Paper = keyof typeof PAPERS

export interface PageLayout {
  readonly paper: Paper
  readonly isLying: boolean
  readonly imagesAPage: ImagesAPage
}

/** Upright: columns and rows. A page that lies has its rows for columns. */
const GRIDS: Readonly<Record<ImagesAPage, readonly [number, number]>> = {
  1: [1, 1],
  2: [1, 2],
  4: [2, 2],
  6: [2, 3],
  12: [3, 4],
  20: [4, 5],
}

/** Left white on all sides: most printers cannot reach it. mm */
export const MARGIN = 10
/** Between images, mm. */
export const GAP = 2

export interface PageShape {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly rows: number
  /** Of an image's place. */
  readonly cellWidth: number
}

/** A page's sides and an image's width in mm, and how many images are side by side and below each other. */
export function shapeOf({ paper, isLying, imagesAPage }: PageLayout): PageShape {
  const [short, long] = PAPERS[paper]
  const [few, many] = GRIDS[imagesAPage]
  const [width, height] = isLying ? [long, short] : [short, long]
  const [columns, rows] = isLying ? [many, few] : [few, many]
  return { width, height, columns, rows, cellWidth: (width - 2 * MARGIN - (columns - 1) * GAP) / columns }
}

/** The layout that has room for all on one page; the largest there is for more. */
export const layoutFor = (count: number): ImagesAPage =>
  IMAGES_A_PAGE.find((each) => each >= count) ?? IMAGES_A_PAGE[IMAGES_A_PAGE.length - 1] ?? 1

/** Places in the stack, 0-based: every `step`-th from the first to the last. */
export function everyNth(from: number, to: number, step: number): number[] {
  if (!(step >= 1)) return []
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, at) => from + at * step)
}

export function inPages<Each>(all: readonly Each[], imagesAPage: number): Each[][] {
  return Array.from({ length: Math.ceil(all.length / imagesAPage) }, (_, page) =>
    all.slice(page * imagesAPage, (page + 1) * imagesAPage),
  )
}
