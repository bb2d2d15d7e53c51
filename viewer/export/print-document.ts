import styles from './print.module.css'
import { inPages, shapeOf, type PageLayout } from './print-layout.ts'

/** What is printed. */
export interface PrintDocument {
  /** Addresses of pictures, in their order. */
  readonly pictures: readonly string[]
  readonly layout: PageLayout
  /** At the head of each page: left, and right. */
  readonly head: readonly [readonly string[], readonly string[]]
  /** At its foot: left, and right for each page. */
  readonly foot: readonly [string, (page: number, of: number) => string]
  /** What the browser calls the file that it makes in place of paper. */
  readonly name: string
}

/**
 * Prints pages that are nowhere to be seen on the screen. Resolves once the browser's own dialog is closed. Errors: Error
 * where a picture cannot be decoded.
 */
export async function printDocument(printed: PrintDocument): Promise<void> {
  const root = rootOf(printed)
  const sheet = document.createElement('style')
  const { width, height } = shapeOf(printed.layout)
  // Without a margin of the page the browser has no place for its own lines: the address names the study.
  sheet.textContent = `@page { size: ${width}mm ${height}mm; margin: 0 }`
  const title = document.title
  document.head.append(sheet)
  document.body.append(root)
  try {
    await Promise.all([...root.querySelectorAll('img')].map((image) => image.decode()))
    document.title = printed.name
    await untilPrinted()
  } finally {
    document.title = title
    root.remove()
    sheet.remove()
  }
}

/** Where printing does not hold the page, it is said when it is over. */
function untilPrinted(): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('afterprint', () => resolve(), { once: true })
    window.print()
  })
}

function rootOf({ pictures, layout, head, foot }: PrintDocument): HTMLElement {
  const shape = shapeOf(layout)
  const root = element('div', styles.root)
  root.dataset['print'] = ''
  root.setAttribute('aria-hidden', 'true')
  root.style.setProperty('--page-width', `${shape.width}mm`)
  root.style.setProperty('--page-height', `${shape.height}mm`)
  root.style.setProperty('--columns', String(shape.columns))
  root.style.setProperty('--rows', String(shape.rows))
  const pages = inPages(pictures, layout.imagesAPage)
  root.append(
    ...pages.map((own, index) => {
      const page = element('section', styles.page)
      const grid = element('div', styles.grid)
      for (const url of own) {
        const image = element('img')
        image.src = url
        grid.append(image)
      }
      const top = element('header', styles.head)
      top.append(...head.map(linesOf))
      const bottom = element('footer', styles.foot)
      bottom.append(linesOf([foot[0]]), linesOf([foot[1](index + 1, pages.length)]))
      page.append(top, grid, bottom)
      return page
    }),
  )
  return root
}

function linesOf(lines: readonly string[]): HTMLElement {
  const block = element('div')
  for (const line of lines) {
    const part = element('p')
    part.textContent = line
    block.append(part)
  }
  return block
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className !== undefined) made.className = className
  return made
}
