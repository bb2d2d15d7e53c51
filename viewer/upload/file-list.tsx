import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { reasonText } from './outcome-text.ts'
import { isEnd, type UploadItem } from './upload-item.ts'
import styles from './upload-page.module.css'
import type { UploadQueue } from './upload-queue.ts'

const ROW_PIXELS = 28
const FILTERS = ['all', 'moving', 'refused', 'failed'] as const
type Filter = (typeof FILTERS)[number]

const PASSES: Record<Filter, (item: UploadItem) => boolean> = {
  all: () => true,
  moving: (item) => !isEnd(item.state),
  refused: (item) => item.state === 'rejected' || item.state === 'conflict' || item.state === 'skipped',
  failed: (item) => item.state === 'failed',
}

/** Every file and where it is; only the lines on screen exist. */
export function FileList({ queue, version }: { queue: UploadQueue; version: number }): ReactNode {
  const { t } = useTexts()
  const [filter, setFilter] = useState<Filter>('all')
  const scroll = useRef<HTMLDivElement>(null)
  // The items change in place: the version says when.

  const items = useMemo(() => queue.items.filter(PASSES[filter]), [queue, version, filter])
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 8,
  })
  return (
    <section className={styles.panel} aria-label={t('upload.files')}>
      <div className={styles.tabs} role="group" aria-label={t('upload.files')}>
        {FILTERS.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.tab}
            aria-pressed={one === filter}
            onClick={() => setFilter(one)}
          >
            {t(`upload.filter.${one}`)}
          </button>
        ))}
      </div>
      <div ref={scroll} className={styles.list} tabIndex={0} role="list" aria-label={t('upload.files')}>
        <div style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const item = items[index]
            return item === undefined ? null : <FileLine key={index} item={item} start={start} />
          })}
        </div>
      </div>
    </section>
  )
}

function FileLine({ item, start }: { item: UploadItem; start: number }): ReactNode {
  const { t } = useTexts()
  const isTrouble = item.state === 'failed' || item.state === 'rejected' || item.state === 'conflict'
  const words =
    item.reason !== undefined && isEnd(item.state)
      ? reasonText(t, item.reason).title
      : t(`upload.state.${item.state}`)
  const tone =
    item.state === 'failed'
      ? styles.fault
      : isTrouble
        ? styles.warning
        : item.state === 'stored'
          ? styles.ok
          : ''
  return (
    <div role="listitem" className={styles.file} style={{ transform: `translateY(${start}px)` }}>
      <span className={styles.path} title={item.path}>
        <bdi>{item.path}</bdi>
      </span>
      <span className={styles.size}>{displayBytes(item.size)}</span>
      <span className={`${styles.state} ${tone}`} title={words}>
        {words}
      </span>
    </div>
  )
}
