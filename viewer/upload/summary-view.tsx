import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { StudyOpening, type WorklistStudy } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { buttonClass } from '../ui/button.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { reasonText } from './outcome-text.ts'
import {
  summariseUpload,
  withStudyNames,
  type SummaryPatient,
  type SummaryRefusal,
  type SummaryStudy,
} from './summarise-upload.ts'
import styles from './upload-page.module.css'
import type { UploadQueue } from './upload-queue.ts'

const SHOWN_PATHS = 200
/** So many studies are asked for by name; a longer list keeps its UIDs. */
const NAMED_STUDIES = 30

/** What the upload came to: by patient and study what is in the archive, by reason what is not. */
export function SummaryView({ queue, version }: { queue: UploadQueue; version: number }): ReactNode {
  const { t } = useTexts()
  // The items change in place: the version says when.

  const summary = useMemo(() => summariseUpload(queue.items), [queue, version])
  const patients = useNamedPatients(summary.patients)
  return (
    <>
      {patients.length > 0 && (
        <section className={styles.panel} aria-label={t('upload.summary')}>
          <h2 className={styles.sectionTitle}>{t('upload.summary')}</h2>
          {patients.map((patient) => (
            <PatientSummary key={patient.key} patient={patient} />
          ))}
        </section>
      )}
      {summary.refusals.length > 0 && (
        <section className={styles.panel} aria-label={t('upload.refusals')}>
          <h2 className={styles.sectionTitle}>{t('upload.refusals')}</h2>
          {summary.refusals.map((refusal) => (
            <Refusal key={`${refusal.state} ${refusal.reason}`} refusal={refusal} />
          ))}
        </section>
      )}
    </>
  )
}

/** Files that were here already were not sent, so their names are asked for. */
function useNamedPatients(patients: readonly SummaryPatient[]): readonly SummaryPatient[] {
  const api = useApi()
  const unnamed = patients
    .filter((patient) => patient.name === null && patient.patientId === '')
    .flatMap((patient) => patient.studies.map((study) => study.studyInstanceUid))
    .slice(0, NAMED_STUDIES)
  const answers = useQueries({
    queries: unnamed.map((uid) => ({
      queryKey: ['study', uid],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call('GET', `/api/studies/${uid}`, { answer: StudyOpening, signal }),
    })),
  })
  const known = new Map<string, WorklistStudy>()
  for (const { data } of answers) if (data !== undefined) known.set(data.study.studyInstanceUid, data.study)
  return withStudyNames(patients, known)
}

function PatientSummary({ patient }: { patient: SummaryPatient }): ReactNode {
  const { t, language } = useTexts()
  const name = displayPersonName(patient.name, language)
  return (
    <div className={styles.patient}>
      <h3>
        {name.primary || (patient.patientId === '' ? t('upload.unnamed') : t('shell.patient.unnamed'))}
        <span>{[name.secondary, patient.patientId].filter((part) => part !== '').join(' · ')}</span>
      </h3>
      {patient.studies.map((study) => (
        <StudySummary key={study.studyInstanceUid} study={study} />
      ))}
    </div>
  )
}

function StudySummary({ study }: { study: SummaryStudy }): ReactNode {
  const { t } = useTexts()
  return (
    <div className={styles.study}>
      <span>{displayDicomDate(study.date) || '–'}</span>
      <span>{study.modalities.join(' ')}</span>
      <span className={styles.what} title={study.studyInstanceUid}>
        {study.description || <span className={styles.secondary}>{t('upload.no-description')}</span>}
      </span>
      <span className={styles.outcome}>
        {study.stored > 0 && (
          <span className={styles.ok}>{t('upload.count.stored', { count: study.stored })}</span>
        )}
        {study.duplicate > 0 && (
          <span className={styles.secondary}>{t('upload.count.duplicate', { count: study.duplicate })}</span>
        )}
        {study.conflict > 0 && (
          <span className={styles.warning}>{t('upload.count.conflict', { count: study.conflict })}</span>
        )}
      </span>
      <Link
        to="/studies/$studyInstanceUid"
        params={{ studyInstanceUid: study.studyInstanceUid }}
        className={buttonClass('plain')}
      >
        {t('upload.open')}
      </Link>
    </div>
  )
}

function Refusal({ refusal }: { refusal: SummaryRefusal }): ReactNode {
  const { t, language } = useTexts()
  const { title, advice } = reasonText(t, refusal.reason)
  const tone = { failed: styles.fault, conflict: styles.warning, rejected: styles.warning, skipped: '' }[
    refusal.state
  ]
  const more = refusal.items.length - SHOWN_PATHS
  return (
    <details className={styles.refusal} open={refusal.state === 'failed' && refusal.items.length < 10}>
      <summary>
        <span className={`${styles.count} ${tone}`}>
          {new Intl.NumberFormat(language).format(refusal.items.length)}
        </span>
        <p>
          <b>{title}</b>
          {advice !== '' && <span>{advice}</span>}
        </p>
        <span>{t(`upload.state.${refusal.state}`)}</span>
      </summary>
      <ul className={styles.paths}>
        {refusal.items.slice(0, SHOWN_PATHS).map((item, index) => (
          <li key={index}>{item.path}</li>
        ))}
        {more > 0 && <li>{t('upload.and-more', { count: more })}</li>}
      </ul>
    </details>
  )
}
