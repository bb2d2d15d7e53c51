import { useEffect, useRef, type ReactNode } from 'react'
import type { StudySeries } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './series-rail.module.css'

interface SeriesRailProps {
  readonly series: readonly StudySeries[]
  readonly shown: string | undefined
  readonly onShow: (seriesInstanceUid: string) => void
  /** The load bar of the series shown, written without React. */
  readonly loadBar: (element: HTMLElement | null) => void
}

/** The study's series, each with its picture. */
export function SeriesRail({ series, shown, onShow, loadBar }: SeriesRailProps): ReactNode {
  const { t } = useTexts()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return (
    <nav ref={list} className={styles.rail} aria-label={t('reading.series')}>
      {series.map((each) => {
        const current = each.seriesInstanceUid === shown
        return (
          <button
            key={each.seriesInstanceUid}
            type="button"
            className={styles.series}
            aria-current={current}
            onClick={() => onShow(each.seriesInstanceUid)}
          >
            <span className={styles.picture}>
              {each.thumbnailUrl === null ? (
                <span className={styles.blank} />
              ) : (
                <img src={each.thumbnailUrl} alt="" width={96} height={96} />
              )}
              <span className={styles.modality}>{each.modality}</span>
              {current && <span ref={loadBar} className={styles.load} />}
            </span>
            <span className={styles.words}>
              <span className={styles.number}>{each.seriesNumber ?? '–'}</span>
              <span className={styles.description}>
                {each.seriesDescription || each.bodyPartExamined || each.modality}
              </span>
              <span className={styles.count}>
                {each.frameCount > 0
                  ? t('reading.images', { count: each.frameCount })
                  : t('reading.instances', { count: each.instanceCount })}
              </span>
            </span>
          </button>
        )
      })}
    </nav>
  )
}
