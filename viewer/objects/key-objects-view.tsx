import { Star } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { readKeyObjects } from '../../core/dicom/report/read-document.ts'
import type { ImageReference } from '../../core/dicom/report/report-document.ts'
import { shareAddress } from '../client/shared-page.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { placeOf } from './image-place.ts'
import styles from './key-objects-view.module.css'
import type { ObjectViewProps } from './object-view.ts'
import { FileLink } from './offered-file.tsx'

/** Key images: why they were chosen, and each of them to go to. */
export function KeyObjectsView({ opening, instance, onGo }: ObjectViewProps): ReactNode {
  const { t, language } = useTexts()
  const keys = useMemo(() => readKeyObjects(instance), [instance])
  const observers = keys.observers.flatMap(({ value }) =>
    value?.kind === 'person' ? [displayPersonName(value.name, language).primary] : [],
  )
  return (
    <article className={styles.sheet} aria-label={keys.title || t('objects.kind-key-objects')}>
      <h1>
        <Star size={18} strokeWidth={1.75} aria-hidden="true" />
        {keys.title || t('objects.kind-key-objects')}
      </h1>
      {keys.reasons.length > 0 && <p>{keys.reasons.join(', ')}</p>}
      {keys.descriptions.map((text, index) => (
        <p key={index} className={styles.text}>
          {text}
        </p>
      ))}
      <p className={styles.quiet}>
        {[...observers, t('objects.images', { count: keys.images.length })].join(' · ')}
      </p>
      <ul className={styles.images}>
        {keys.images.flatMap((image) =>
          (image.frameNumbers.length === 0 ? [undefined] : image.frameNumbers).map((frame) => {
            const shown = frame === undefined ? image : { ...image, frameNumbers: [frame] }
            const place = placeOf(shown, opening)
            return (
              <li key={`${image.sopInstanceUid} ${frame ?? ''}`}>
                <button
                  type="button"
                  className={styles.image}
                  disabled={place === undefined}
                  title={t('objects.go-to-image')}
                  onClick={() => place !== undefined && onGo(place)}
                >
                  <span className={styles.picture}>
                    {place !== undefined && (
                      <img
                        src={shareAddress(pictureOf(shown, opening.study.studyInstanceUid))}
                        alt=""
                        loading="lazy"
                        draggable={false}
                      />
                    )}
                  </span>
                  <span>
                    {nameOf(shown)}
                    {frame !== undefined && `, ${t('objects.frame', { frame })}`}
                  </span>
                </button>
              </li>
            )
          }),
        )}
      </ul>
      {keys.others.length > 0 && (
        <p className={styles.quiet}>
          {t('objects.other-objects')}: {keys.others.length}
        </p>
      )}
      <FileLink instance={instance} />
    </article>
  )

  function nameOf(image: ImageReference): string {
    const series = opening.series.find(
      ({ seriesInstanceUid }) => seriesInstanceUid === image.seriesInstanceUid,
    )
    if (series === undefined) return `${t('objects.image')} (${t('objects.not-in-study')})`
    return `${series.seriesNumber ?? '–'} ${series.seriesDescription || series.modality}`.trim()
  }
}

/** Pixels of a thumbnail on the longer side, on a screen of two a point. */
const PICTURE = 256

function pictureOf(
  { seriesInstanceUid, sopInstanceUid, frameNumbers }: ImageReference,
  study: string,
): string {
  const path = `/dicom-web/studies/${study}/series/${seriesInstanceUid ?? ''}/instances/${sopInstanceUid}`
  return `${path}/frames/${frameNumbers[0] ?? 1}/rendered?viewport=${PICTURE},${PICTURE}`
}
