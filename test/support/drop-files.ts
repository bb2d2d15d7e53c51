import type { Page } from 'playwright-core'

/** A drag from outside the browser: what a person's drop of files and folders is. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 700,
      y: 500,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    })
  }
}
