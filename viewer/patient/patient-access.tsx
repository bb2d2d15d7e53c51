import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { PatientAccess as Access, type PatientPage } from '../../core/contract/patient.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayDicomDate, displayLocalTime } from '../ui/dates.ts'
import { useToast } from '../ui/toast.tsx'
import { examWords } from './exam-words.ts'
import styles from './patient.module.css'
import { useToldName } from './told-name.ts'

export const ACCESS_QUERY = ['patient', 'access'] as const

/** Who may look: those who treat the patient, whom a study was granted, and links, of which the patient takes back their own. */
export function PatientAccess({ page }: { page: PatientPage }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const nameOf = useToldName()
  const { data } = useQuery({
    queryKey: ACCESS_QUERY,
    queryFn: ({ signal }) => api.call('GET', '/api/patient/access', { answer: Access, signal }),
  })
  const place = page.organisationName
  const examOf = (uid: string): string => {
    const study = page.studies.find(({ studyInstanceUid }) => studyInstanceUid === uid)
    return study === undefined
      ? ''
      : [examWords(t, study), displayDicomDate(study.studyDate)].filter(Boolean).join(' · ')
  }
  return (
    <section>
      <h2>{t('patient.access')}</h2>
      <ul className={styles.list}>
        <li>
          <p>{t('patient.access.staff', { place })}</p>
        </li>
        {data?.grants.map((grant, index) => (
          <li key={index}>
            <p>
              {t('patient.access.grant', { who: nameOf(grant.who) })}
              <span>
                {examOf(grant.studyInstanceUid)}
                {grant.expiresAt !== null &&
                  ` · ${t('patient.access.until', { time: displayLocalTime(grant.expiresAt) })}`}
              </span>
            </p>
          </li>
        ))}
        {data?.links.map((link) => (
          <LinkLine key={link.shareId} link={link} place={place} exam={examOf(link.studyInstanceUid)} />
        ))}
      </ul>
    </section>
  )
}

interface LinkLineProps {
  readonly link: Access['links'][number]
  readonly place: string
  readonly exam: string
}

function LinkLine({ link, place, exam }: LinkLineProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const takeBack = useMutation({
    mutationFn: () => api.call('DELETE', `/api/shares/${link.shareId}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ACCESS_QUERY })
      toast({ tone: 'ok', text: t('patient.access.taken') })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <li>
      <p>
        {t('patient.access.link', { name: link.recipientName })}
        <span>
          {exam} · {link.mine ? t('patient.access.link.mine') : t('patient.access.link.hospital', { place })}{' '}
          · {t('patient.access.until', { time: displayLocalTime(link.expiresAt) })}
        </span>
        <span>
          {link.lastOpenedAt === null
            ? t('patient.access.unopened')
            : t('patient.access.opened', {
                count: link.opens,
                time: displayLocalTime(link.lastOpenedAt),
              })}
        </span>
      </p>
      {link.mine && (
        <Button kind="danger" disabled={takeBack.isPending} onClick={() => takeBack.mutate()}>
          {t('patient.access.take-back')}
        </Button>
      )}
    </li>
  )
}
