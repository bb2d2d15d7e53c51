import { useQuery } from '@tanstack/react-query'
import { DoorOpen, Siren } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { PatientPage, type PatientEmergency, type PatientStudy } from '../../core/contract/patient.ts'
import { useApi, useClient } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayDicomDate, displayLocalTime } from '../ui/dates.ts'
import { Notice } from '../ui/notice.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { examWords } from './exam-words.ts'
import { Languages } from './languages.tsx'
import { PatientAccess } from './patient-access.tsx'
import { PatientExam } from './patient-exam.tsx'
import { PatientLooks } from './patient-looks.tsx'
import styles from './patient.module.css'
import { useToldName } from './told-name.ts'

/** An emergency is told while the page lies open, too. */
const AGAIN_MS = 60_000

/** A patient's own page: their examinations; who broke the glass, on top; who may look, and who has. */
export function PatientHome(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const page = useQuery({
    queryKey: ['patient'],
    queryFn: ({ signal }) => api.call('GET', '/api/patient', { answer: PatientPage, signal }),
    refetchInterval: AGAIN_MS,
  })
  const [shown, setShown] = useShown()
  if (page.data === undefined) {
    if (!page.isError) return <p className={styles.loading}>{t('patient.loading')}</p>
    return (
      <Notice
        tone="danger"
        title={errorText(t, page.error)}
        action={<Button onClick={() => void page.refetch()}>{t('shell.try-again')}</Button>}
      />
    )
  }
  const study = page.data.studies.find(({ studyInstanceUid }) => studyInstanceUid === shown)
  if (study !== undefined) return <PatientExam study={study} onBack={() => window.history.back()} />
  return <Home page={page.data} onShow={setShown} />
}

/** Which examination is shown; the way back of the phone leads to the page. */
function useShown(): [string | undefined, (studyInstanceUid: string) => void] {
  const [shown, setShown] = useState<string>()
  useEffect(() => {
    const back = (): void => setShown(undefined)
    window.addEventListener('popstate', back)
    return () => window.removeEventListener('popstate', back)
  }, [])
  return [
    shown,
    (studyInstanceUid) => {
      window.history.pushState(null, '')
      window.scrollTo(0, 0)
      setShown(studyInstanceUid)
    },
  ]
}

function Home({ page, onShow }: { page: PatientPage; onShow: (uid: string) => void }): ReactNode {
  const { t, language } = useTexts()
  const { api, session } = useClient()
  const name = displayPersonName(page.patientName, language).primary
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div>
          <p>{page.organisationName}</p>
          <h1>{name === '' ? t('patient.hello.none') : t('patient.hello', { name })}</h1>
        </div>
        <Languages />
        <Button onClick={() => void session.signOut(api)}>
          <DoorOpen size={18} strokeWidth={1.75} aria-hidden="true" />
          {t('patient.sign-out')}
        </Button>
      </header>
      <main className={styles.column}>
        {page.emergencies.map((emergency) => (
          <Emergency key={emergency.beganAt} emergency={emergency} />
        ))}
        <section>
          <h2>{t('patient.studies')}</h2>
          {page.studies.length === 0 && <p>{t('patient.studies.none')}</p>}
          <ul className={styles.exams}>
            {page.studies.map((study) => (
              <ExamCard key={study.studyInstanceUid} study={study} onShow={onShow} />
            ))}
          </ul>
          <p className={styles.quiet}>{t('patient.studies.more')}</p>
        </section>
        <PatientAccess page={page} />
        <PatientLooks studies={page.studies} />
      </main>
    </div>
  )
}

function ExamCard({ study, onShow }: { study: PatientStudy; onShow: (uid: string) => void }): ReactNode {
  const { t } = useTexts()
  return (
    <li className={styles.exam}>
      {study.thumbnailUrl === null ? <span /> : <img src={study.thumbnailUrl} alt="" loading="lazy" />}
      <div>
        <h3>{examWords(t, study)}</h3>
        <p>{displayDicomDate(study.studyDate) || t('patient.exam.undated')}</p>
        <p className={styles.quiet}>
          {t('patient.exam.where', { place: study.place })} ·{' '}
          {t('patient.exam.images', { count: study.imageCount })}
        </p>
        <Button kind="primary" large onClick={() => onShow(study.studyInstanceUid)}>
          {t('patient.exam.open')}
        </Button>
      </div>
    </li>
  )
}

function Emergency({ emergency }: { emergency: PatientEmergency }): ReactNode {
  const { t } = useTexts()
  const who = useToldName()(emergency.who)
  const reason = t(`patient.reason.${emergency.reasonCode}`)
  const [from, to] = [displayLocalTime(emergency.beganAt), displayLocalTime(emergency.endsAt)]
  return (
    <section className={styles.emergency} role={emergency.lasts ? 'alert' : undefined}>
      <h2>
        <Siren size={20} strokeWidth={2} aria-hidden="true" /> {t('patient.emergency')}
      </h2>
      <p>
        {emergency.lasts
          ? t('patient.emergency.lasts', { who, time: to, reason })
          : t('patient.emergency.was', { who, from, to, reason })}
      </p>
      <p>
        {emergency.reviewedAt === null
          ? t('patient.emergency.unreviewed')
          : t('patient.emergency.reviewed', { time: displayLocalTime(emergency.reviewedAt) })}{' '}
        {t('patient.emergency.ask')}
      </p>
    </section>
  )
}
