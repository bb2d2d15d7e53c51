/** The images of a page of tiles: so many of a stack, one after the other. */
export interface TilePage {
  /** Of tiles; no more than there are images. */
  readonly tiles: number
  /** Of images. */
  readonly count: number
}

/** The first image of the page, so that no tile is without one: the last page overlaps the one before it. */
export const firstOfPage = (first: number, { tiles, count }: TilePage): number =>
  Math.max(0, Math.min(count - tiles, first))

/** So that a tile shows an image, where it can. */
export const firstWith = (index: number, tile: number, page: TilePage): number =>
  firstOfPage(index - tile, page)
