import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, FolderDown, Share2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { PatientImages, type PatientStudy } from '../../core/contract/patient.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { examWords } from './exam-words.ts'
import { PatientShare } from './patient-share.tsx'
import styles from './patient.module.css'
import { SimpleViewer } from './simple-viewer.tsx'

/** One examination: its images, one after another; and what the patient may do with it. */
export function PatientExam({ study, onBack }: { study: PatientStudy; onBack: () => void }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [chosen, setChosen] = useState(0)
  const [isSharing, setSharing] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['patient', 'images', study.studyInstanceUid],
    queryFn: ({ signal }) =>
      api.call('GET', `/api/patient/studies/${study.studyInstanceUid}`, { answer: PatientImages, signal }),
  })
  const series = data?.series[chosen]
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Button onClick={onBack}>
          <ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
          {t('patient.back')}
        </Button>
        <div>
          <h1>{examWords(t, study)}</h1>
          <p>{[displayDicomDate(study.studyDate), study.place].filter(Boolean).join(' · ')}</p>
        </div>
      </header>
      <main className={styles.column}>
        {error !== null && (
          <p className={styles.fault} role="alert">
            {errorText(t, error)}
          </p>
        )}
        {data !== undefined && series === undefined && <p>{t('patient.viewer.none')}</p>}
        {series !== undefined && (
          <SimpleViewer
            key={series.seriesInstanceUid}
            studyInstanceUid={study.studyInstanceUid}
            series={series}
          />
        )}
        {data !== undefined && data.series.length > 1 && (
          <div className={styles.groups} role="group" aria-label={t('patient.viewer')}>
            {data.series.map((each, index) => (
              <Button
                key={each.seriesInstanceUid}
                aria-pressed={index === chosen}
                kind={index === chosen ? 'primary' : 'plain'}
                title={each.description}
                onClick={() => setChosen(index)}
              >
                {t('patient.viewer.series', { number: index + 1 })}
              </Button>
            ))}
          </div>
        )}
        <section className={styles.deeds}>
          <a
            href={`/api/studies/${study.studyInstanceUid}/archive`}
            download
            className={buttonClass('plain', true)}
          >
            <FolderDown size={18} strokeWidth={1.75} aria-hidden="true" />
            {t('patient.download')}
          </a>
          <p className={styles.quiet}>{t('patient.download.hint')}</p>
          {!isSharing && (
            <Button large onClick={() => setSharing(true)}>
              <Share2 size={18} strokeWidth={1.75} aria-hidden="true" />
              {t('patient.share')}
            </Button>
          )}
          <p className={styles.quiet}>{t('patient.share.hint')}</p>
          {isSharing && (
            <PatientShare studyInstanceUid={study.studyInstanceUid} onDone={() => setSharing(false)} />
          )}
        </section>
      </main>
    </div>
  )
}
