import type { CSSProperties, ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './export.module.css'
import { shapeOf, type PageLayout } from './print-layout.ts'

interface PagePreviewProps {
  readonly layout: PageLayout
  readonly head: readonly [readonly string[], readonly string[]]
  readonly total: number
  readonly pages: number
}

/** How the first page is laid out: the patient at its head, and where images are. */
export function PagePreview({ layout, head, total, pages }: PagePreviewProps): ReactNode {
  const { t } = useTexts()
  const { width, height, columns, rows } = shapeOf(layout)
  const shape = {
    '--page-width': width,
    '--page-height': height,
    '--columns': columns,
    '--rows': rows,
  } as CSSProperties
  return (
    <figure className={styles.preview}>
      <div className={styles.desk}>
        <div className={styles.paper} style={shape} aria-hidden="true">
          <div className={styles.paperHead}>
            {head.map((lines, side) => (
              <div key={side}>
                {lines.map((line, index) => (
                  <p key={index}>{line}</p>
                ))}
              </div>
            ))}
          </div>
          <div className={styles.paperGrid}>
            {Array.from({ length: layout.imagesAPage }, (_, index) => (
              <span key={index} data-filled={index < total} />
            ))}
          </div>
        </div>
      </div>
      <figcaption role="status">
        {t('export.prints', { count: total })}, {t('export.pages', { count: pages })}
      </figcaption>
    </figure>
  )
}
