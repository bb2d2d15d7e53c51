import type { Locator } from 'playwright-core'

/**
 * Resolves when the image with this number is drawn in a pane. Its texts name an image as soon as it is on its way, when a hand
 * cannot draw on it yet.
 */
export const imageShown = (pane: Locator, number: number): Promise<void> =>
  pane.locator(`canvas[data-shown="${number}"]`).first().waitFor({ state: 'attached' })
