import type { ImagingViewport, ViewportState } from '../../imaging/viewport.ts'

export interface Tile {
  readonly viewport: { current: ImagingViewport | undefined }
  state: ViewportState | undefined
}

/** Tiles as one pane: what is looked at and how is for all of them, what is measured for the one in hand. */
export function tiledViewport(
  lead: ImagingViewport,
  tiles: () => readonly Tile[],
  paging: Pick<ImagingViewport, 'step' | 'goTo'>,
): ImagingViewport {
  const each = (act: (viewport: ImagingViewport) => void): void => {
    for (const { viewport } of tiles()) if (viewport.current !== undefined) act(viewport.current)
  }
  return {
    ...lead,
    ...paging,
    setTool: (tool) => each((viewport) => viewport.setTool(tool)),
    setWindow: (window) => each((viewport) => viewport.setWindow(window)),
    invert: () => each((viewport) => viewport.invert()),
    choose: (choice) => each((viewport) => viewport.choose(choice)),
    rotate: (degrees) => each((viewport) => viewport.rotate(degrees)),
    flip: (axis) => each((viewport) => viewport.flip(axis)),
    fit: () => each((viewport) => viewport.fit()),
    oneToOne: () => each((viewport) => viewport.oneToOne()),
    zoomBy: (factor) => each((viewport) => viewport.zoomBy(factor)),
    reset: () => each((viewport) => viewport.reset()),
    present: (presentation) => each((viewport) => viewport.present(presentation)),
    showArea: (area) => each((viewport) => viewport.showArea(area)),
    showMiddle: (middle) => each((viewport) => viewport.showMiddle(middle)),
    showOverlays: (visible) => each((viewport) => viewport.showOverlays(visible)),
    liftShutter: (lifted) => each((viewport) => viewport.liftShutter(lifted)),
    // All at once: none makes another void.
    drawOver: (source, place) =>
      each((viewport) => viewport.drawOver(source && ((image) => source(image, true)), place)),
  }
}
