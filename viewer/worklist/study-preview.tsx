import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { StudyOpening, type StudySeries, type WorklistStudy } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { DownloadStudy } from '../download/download-study.tsx'
import { errorText } from '../locales/error-text.ts'
import { PatientSlip } from '../patient/patient-slip.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { KeepStudy } from '../retention/keep-study.tsx'
import { ShareStudy } from '../share/share-study.tsx'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { displayDicomDate, displayDicomTime, displayLocalTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { useAge } from '../ui/use-age.ts'
import styles from './study-preview.module.css'

interface StudyPreviewProps {
  readonly study: WorklistStudy
  readonly onClose: () => void
}

export function StudyPreview(props: StudyPreviewProps): ReactNode {
  return (
    <QueriesProvider>
      <Preview {...props} />
    </QueriesProvider>
  )
}

/** What a study is, at the right of the list, without opening it. */
function Preview({ study, onClose }: StudyPreviewProps): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const name = displayPersonName(study.patientName, language)
  const age = useAge(study.patientBirthDate, study.studyDate)
  const { data: opening, error } = useQuery({
    queryKey: ['study', study.studyInstanceUid, study.instanceCount, study.status],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/studies/${study.studyInstanceUid}`, { answer: StudyOpening, signal }),
  })
  const facts = [
    [t('worklist.column.patient-id'), study.patientId],
    [
      t('worklist.preview.birth-date'),
      [displayDicomDate(study.patientBirthDate), age].filter(Boolean).join(' · '),
    ],
    [
      t('worklist.column.study-date'),
      `${displayDicomDate(study.studyDate)} ${displayDicomTime(study.studyTime)}`.trim(),
    ],
    [t('worklist.column.accession'), study.accessionNumber],
    [t('worklist.column.received'), displayLocalTime(study.lastReceivedAt)],
  ].filter(([, value]) => value !== '')

  return (
    <aside className={styles.preview} aria-label={t('worklist.preview')}>
      <div className={styles.head}>
        <div>
          <h2 className={styles.name}>{name.primary || study.patientId || t('shell.patient.unnamed')}</h2>
          <p className={styles.sub}>{name.secondary}</p>
        </div>
        <IconButton label={t('shell.close')} onClick={onClose}>
          <X size={18} strokeWidth={1.5} />
        </IconButton>
      </div>
      <div className={styles.picture}>
        {study.thumbnailUrl !== null && <img src={study.thumbnailUrl} alt="" />}
      </div>
      <Link
        to="/studies/$studyInstanceUid"
        params={{ studyInstanceUid: study.studyInstanceUid }}
        className={buttonClass('primary')}
      >
        {t('worklist.open')} <kbd aria-hidden="true">Enter</kbd>
      </Link>
      <ShareStudy study={study} />
      <DownloadStudy studyInstanceUid={study.studyInstanceUid} />
      <PatientSlip studyInstanceUid={study.studyInstanceUid} />
      <KeepStudy studyInstanceUid={study.studyInstanceUid} />
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <FactLine key={term} term={term ?? ''} value={value ?? ''} />
        ))}
      </dl>
      {error !== null && <p className={styles.sub}>{errorText(t, error)}</p>}
      <ul className={styles.series}>
        {opening?.series.map((series) => (
          <SeriesLine key={series.seriesInstanceUid} series={series} />
        ))}
      </ul>
    </aside>
  )
}

function FactLine({ term, value }: { term: string; value: string }): ReactNode {
  return (
    <>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </>
  )
}

function SeriesLine({ series }: { series: StudySeries }): ReactNode {
  const { t } = useTexts()
  return (
    <li>
      {series.thumbnailUrl === null ? (
        <span className={styles.blank} />
      ) : (
        <img src={series.thumbnailUrl} alt="" loading="lazy" />
      )}
      <p title={series.seriesDescription}>
        {series.modality}{' '}
        {series.seriesDescription || t('worklist.preview.series', { number: series.seriesNumber ?? '–' })}
      </p>
      <span className={styles.count}>
        {t('worklist.images', { count: series.frameCount || series.instanceCount })}
      </span>
    </li>
  )
}
