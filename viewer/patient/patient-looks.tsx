import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { PatientLooks as Looks, type PatientStudy } from '../../core/contract/patient.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { examWords } from './exam-words.ts'
import styles from './patient.module.css'
import { useToldName } from './told-name.ts'

const AT_FIRST = 8

/** Who has looked at what, and when. */
export function PatientLooks({ studies }: { studies: readonly PatientStudy[] }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const nameOf = useToldName()
  const [all, setAll] = useState(false)
  const { data } = useQuery({
    queryKey: ['patient', 'looks'],
    queryFn: ({ signal }) => api.call('GET', '/api/patient/looks', { answer: Looks, signal }),
  })
  const looks = data?.looks ?? []
  return (
    <section aria-busy={data === undefined}>
      <h2>{t('patient.looks')}</h2>
      {data?.looks.length === 0 && <p>{t('patient.looks.none')}</p>}
      <ul className={styles.list}>
        {looks.slice(0, all ? undefined : AT_FIRST).map((look, index) => {
          const study = studies.find(({ studyInstanceUid }) => studyInstanceUid === look.studyInstanceUid)
          const exam = study === undefined ? t('patient.modality.other') : examWords(t, study)
          return (
            <li key={index}>
              <p>
                <b>{nameOf(look.who)}</b> {t(`patient.looks.${look.what}`, { exam })}
                <span>
                  {displayLocalTime(look.at)}
                  {look.emergency && <em> {t('patient.looks.emergency')}</em>}
                </span>
              </p>
            </li>
          )
        })}
      </ul>
      {!all && looks.length > AT_FIRST && (
        <Button onClick={() => setAll(true)}>{t('patient.looks.more')}</Button>
      )}
    </section>
  )
}
