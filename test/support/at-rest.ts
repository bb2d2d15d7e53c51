import type { Locator } from 'playwright-core'
import { expect } from 'vitest'

/** Resolves when the image of a pane is drawn for the size that the pane has: a panel makes it narrower a moment before. */
export const atRest = (pane: Locator): Promise<void> =>
  expect
    .poll(() =>
      pane
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) =>
          Math.abs(canvas.width - (canvas.parentElement?.clientWidth ?? NaN) * window.devicePixelRatio),
        ),
    )
    .toBeLessThanOrEqual(1)
