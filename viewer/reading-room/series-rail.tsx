import { ChevronDown, ChevronRight } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import type { PriorStudy, StudyOpening, StudySeries } from '../../core/contract/api.ts'
import type { TextKey } from '../locales/text-key.ts'
import { shareAddress } from '../client/shared-page.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { KeyStar } from '../objects/key-star.tsx'
import type { KeyImages } from '../objects/use-key-images.ts'
import { displayDicomDate } from '../ui/dates.ts'
import { dragSeries } from './series-drag.ts'
import styles from './series-rail.module.css'

interface SeriesRailProps {
  readonly series: readonly StudySeries[]
  /** In the active pane. */
  readonly shown: string | undefined
  readonly onShow: (seriesInstanceUid: string) => void
  /** The load bar of the series shown, written without React. */
  readonly loadBar: (element: HTMLElement | null) => void
  readonly priors: readonly PriorStudy[]
  /** The priors whose series are here. */
  readonly openings: readonly StudyOpening[]
  readonly onOpenPrior: (studyInstanceUid: string) => void
  readonly keyImages: KeyImages
}

/** The study's series, each with its picture; below them the studies it is compared with. */
export function SeriesRail({
  series,
  shown,
  onShow,
  loadBar,
  priors,
  openings,
  onOpenPrior,
  keyImages,
}: SeriesRailProps): ReactNode {
  const { t } = useTexts()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  const button = (each: StudySeries): ReactNode => (
    <SeriesButton
      key={each.seriesInstanceUid}
      series={each}
      current={each.seriesInstanceUid === shown}
      onShow={onShow}
      loadBar={loadBar}
      keyCount={keyImages.countIn(each.seriesInstanceUid)}
    />
  )
  return (
    <nav ref={list} className={styles.rail} aria-label={t('reading.series')}>
      {series.map(button)}
      {priors.length > 0 && <h2 className={styles.heading}>{t('reading.priors')}</h2>}
      {priors.map((prior) => {
        const opening = openings.find(({ study }) => study.studyInstanceUid === prior.studyInstanceUid)
        const Chevron = opening === undefined ? ChevronRight : ChevronDown
        return (
          <section key={prior.studyInstanceUid} className={styles.prior}>
            <button
              type="button"
              className={styles.study}
              aria-expanded={opening !== undefined}
              onClick={() => onOpenPrior(prior.studyInstanceUid)}
            >
              <Chevron size={14} strokeWidth={1.75} aria-hidden="true" />
              <span>
                <b>{displayDicomDate(prior.studyDate) || '–'}</b> {prior.modalities.join(' ')}
                <br />
                {prior.studyDescription}
                <br />
                <span className={styles.reason}>{t(reasonOf(prior))}</span>
              </span>
            </button>
            {opening?.series.map(button)}
          </section>
        )
      })}
    </nav>
  )
}

function reasonOf({ sameBodyPart, sameModality }: PriorStudy): TextKey {
  if (sameBodyPart) return sameModality ? 'reading.prior-same-both' : 'reading.prior-same-part'
  return sameModality ? 'reading.prior-same-modality' : 'reading.prior-same-patient'
}

interface SeriesButtonProps {
  readonly series: StudySeries
  readonly current: boolean
  readonly onShow: (seriesInstanceUid: string) => void
  readonly loadBar: (element: HTMLElement | null) => void
  /** Key images in it. */
  readonly keyCount: number
}

/** Pressed, it is shown in the active pane; dragged, where it is dropped. */
function SeriesButton({ series, current, onShow, loadBar, keyCount }: SeriesButtonProps): ReactNode {
  const { t } = useTexts()
  return (
    <button
      type="button"
      className={styles.series}
      aria-current={current}
      draggable
      onDragStart={(event) => dragSeries(event.dataTransfer, series.seriesInstanceUid)}
      onClick={() => onShow(series.seriesInstanceUid)}
    >
      <span className={styles.picture}>
        {series.thumbnailUrl === null ? (
          <span className={styles.blank} />
        ) : (
          <img src={shareAddress(series.thumbnailUrl)} alt="" width={96} height={96} draggable={false} />
        )}
        <span className={styles.modality}>{series.modality}</span>
        {keyCount > 0 && <KeyStar text={t('objects.key-images-in', { count: keyCount })} />}
        {current && <span ref={loadBar} className={styles.load} />}
      </span>
      <span className={styles.words}>
        <span className={styles.number}>{series.seriesNumber ?? '–'}</span>
        <span className={styles.description}>
          {series.seriesDescription || series.bodyPartExamined || series.modality}
        </span>
        <span className={styles.count}>
          {series.frameCount > 0
            ? t('reading.images', { count: series.frameCount })
            : t('reading.instances', { count: series.instanceCount })}
        </span>
      </span>
    </button>
  )
}
