import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { PatientImages } from '../../core/contract/patient.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import styles from './patient.module.css'
import { useFingers } from './use-fingers.ts'

type Series = PatientImages['series'][number]

/** Fetched before they are asked for. */
const AHEAD = 6
const BEHIND = 2
/** Of these an image has many times the pixels of a phone. */
const LARGE = ['CR', 'DX', 'RG', 'MG', 'IO', 'PX', 'XA', 'RF', 'SM', 'OP']

/** The images of a series, one after another, as the archive renders them: brighter or darker, larger, and no more. */
export function SimpleViewer({
  studyInstanceUid,
  series,
}: {
  studyInstanceUid: string
  series: Series
}): ReactNode {
  const { t } = useTexts()
  const pictures = useMemo(() => addressesOf(studyInstanceUid, series), [studyInstanceUid, series])
  const [index, setIndex] = useState(0)
  const [brightness, setBrightness] = useState(100)
  const [failed, setFailed] = useState<string>()
  const stage = useRef<HTMLDivElement>(null)
  const count = pictures.length
  const step = (by: number): void => setIndex((now) => Math.min(count - 1, Math.max(0, now + by)))
  useFingers(stage, step)
  useAhead(pictures, index)

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (by === undefined || event.target instanceof HTMLInputElement) return
    event.preventDefault()
    step(by)
  }
  const picture = pictures[index]
  const place = t('patient.viewer.image', { number: index + 1, count })
  return (
    <section className={styles.viewer} aria-label={t('patient.viewer')} onKeyDown={onKeyDown}>
      <div ref={stage} className={styles.stage} tabIndex={0} aria-label={place}>
        {picture === failed ? (
          <p>{t('patient.viewer.failed')}</p>
        ) : (
          <img
            src={picture}
            alt={place}
            draggable={false}
            style={{ filter: `brightness(${brightness}%)` }}
            onError={() => setFailed(picture)}
          />
        )}
      </div>
      <p className={styles.warning}>{t('patient.viewer.not-diagnosis')}</p>
      <div className={styles.controls}>
        <IconButton label={t('patient.viewer.previous')} disabled={index === 0} onClick={() => step(-1)}>
          <ChevronLeft size={24} strokeWidth={1.75} />
        </IconButton>
        <label>
          <span aria-live="polite">{place}</span>
          <input
            type="range"
            min={0}
            max={Math.max(0, count - 1)}
            value={index}
            disabled={count < 2}
            aria-label={t('patient.viewer.place')}
            aria-valuetext={place}
            onChange={(event) => setIndex(Number(event.target.value))}
          />
        </label>
        <IconButton label={t('patient.viewer.next')} disabled={index >= count - 1} onClick={() => step(1)}>
          <ChevronRight size={24} strokeWidth={1.75} />
        </IconButton>
        <label>
          <span>{t('patient.viewer.brightness')}</span>
          <input
            type="range"
            min={40}
            max={250}
            value={brightness}
            onChange={(event) => setBrightness(Number(event.target.value))}
          />
        </label>
      </div>
      <p className={styles.quiet}>{t('patient.viewer.hint')}</p>
    </section>
  )
}

/** Every frame, rendered (PS3.18 10.4.1.1.8). */
function addressesOf(studyInstanceUid: string, { seriesInstanceUid, modality, images }: Series): string[] {
  const folder = `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances`
  const size = LARGE.includes(modality) ? '?viewport=1600,1600' : ''
  return images.flatMap(({ sopInstanceUid, frames }) =>
    Array.from(
      { length: frames },
      (_, frame) => `${folder}/${sopInstanceUid}/frames/${frame + 1}/rendered${size}`,
    ),
  )
}

/** Fetches what is likely to be looked at next, nearest first. */
function useAhead(pictures: readonly string[], index: number): void {
  useEffect(() => {
    const order = [...steps(AHEAD, 1), ...steps(BEHIND, -1)]
    const images = order.flatMap((by) => {
      const address = pictures[index + by]
      if (address === undefined) return []
      const image = new Image()
      image.fetchPriority = 'low'
      image.src = address
      return image
    })
    return () => {
      // What has not come is not wanted any more; what has is kept by the browser.
      for (const image of images) if (!image.complete) image.src = ''
    }
  }, [pictures, index])
}

const steps = (many: number, sign: 1 | -1): number[] =>
  Array.from({ length: many }, (_, at) => sign * (at + 1))
