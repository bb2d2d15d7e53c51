import type { Page } from 'playwright-core'

/** Resolves when so many panes are on the page, and each shows its image. */
export const panesShown = async (page: Page, count: number): Promise<void> => {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('[data-pane]').length === wanted &&
      document.querySelectorAll('[data-pane] section[data-status=ready]').length === wanted,
    count,
    { timeout: 90_000 },
  )
}
