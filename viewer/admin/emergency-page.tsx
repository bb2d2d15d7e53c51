import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import {
  EMERGENCY_LONGEST,
  EMERGENCY_SHORTEST,
  EmergencyList,
  EmergencySettings,
  type ReviewedEmergency,
} from '../../core/contract/emergency.ts'
import { useApi, useMay, useSessionUser } from '../client/client-context.tsx'
import { useEmergencyNews } from '../emergency/emergency-context.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayDicomDate, displayLocalTime } from '../ui/dates.ts'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import styles from './emergency-page.module.css'
import { ReviewDialog } from './review-dialog.tsx'

export function EmergencyPage(): ReactNode {
  return (
    <WithTexts areas={['emergency']}>
      <Emergencies />
    </WithTexts>
  )
}

/** Who broke the glass: what waits for a review, what had one, and whether it can be broken at all. */
function Emergencies(): ReactNode {
  const { t } = useTexts()
  const queries = useQueryClient()
  const version = useEmergencyNews()?.version
  const [reviewed, setReviewed] = useState<ReviewedEmergency>()
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['admin', 'emergency'] })
  }, [queries, version])
  const open = useEmergencyList('open')
  const closed = useEmergencyList('closed')
  return (
    <div className={styles.page}>
      <AdminSection
        title={t('emergency.page.open')}
        explanation={t('emergency.page.explanation')}
        query={open}
      >
        {({ emergencies }) =>
          emergencies.length === 0 ? (
            <div className={styles.nothing}>
              <Notice title={t('emergency.page.none-open')} text={t('emergency.page.none-open.text')} />
            </div>
          ) : (
            <ul className={styles.list}>
              {emergencies.map((emergency) => (
                <EmergencyCard
                  key={emergency.emergencyId}
                  emergency={emergency}
                  onReview={() => setReviewed(emergency)}
                />
              ))}
            </ul>
          )
        }
      </AdminSection>
      <AdminSection title={t('emergency.page.closed')} query={closed}>
        {({ emergencies }) =>
          emergencies.length === 0 ? (
            <p className={styles.quiet}>{t('emergency.page.none-closed')}</p>
          ) : (
            <ul className={styles.list}>
              {emergencies.map((emergency) => (
                <EmergencyCard key={emergency.emergencyId} emergency={emergency} />
              ))}
            </ul>
          )
        }
      </AdminSection>
      {useMay('access.manage') && <Settings />}
      {reviewed !== undefined && <ReviewDialog emergency={reviewed} onClose={() => setReviewed(undefined)} />}
    </div>
  )
}

function useEmergencyList(state: 'open' | 'closed') {
  const api = useApi()
  return useQuery({
    queryKey: ['admin', 'emergency', state],
    queryFn: ({ signal }) =>
      api.call('GET', '/api/admin/emergency', { query: { state }, answer: EmergencyList, signal }),
  })
}

interface EmergencyCardProps {
  readonly emergency: ReviewedEmergency
  readonly onReview?: () => void
}

function EmergencyCard({ emergency, onReview }: EmergencyCardProps): ReactNode {
  const { t, language } = useTexts()
  const me = useSessionUser()
  const { person, patientName, patientId, beganAt, expiresAt, endedAt, lasts, review } = emergency
  const name = displayPersonName(patientName, language)
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <div>
          <h2>
            {nameOf(person)} → {name.primary} {name.secondary} <span>{patientId}</span>
          </h2>
          <p>
            {t(`emergency.reason.${emergency.reasonCode}`)} · {emergency.reason}
          </p>
          <p className={styles.quiet}>
            {t('emergency.was', {
              from: displayLocalTime(beganAt),
              to: displayLocalTime(endedAt ?? expiresAt),
            })}
          </p>
        </div>
        {lasts && (
          <span className={styles.lasts}>{t('emergency.lasts', { time: displayLocalTime(expiresAt) })}</span>
        )}
        {onReview !== undefined && (
          <Button
            kind="primary"
            disabled={person.userId === me.userId}
            title={person.userId === me.userId ? t('shell.error.emergency-own-review') : undefined}
            onClick={onReview}
          >
            {t('emergency.review')}
          </Button>
        )}
      </div>
      <Opened emergency={emergency} />
      {review !== null && (
        <p className={review.verdict === 'justified' ? styles.justified : styles.unjustified}>
          <b>
            {t('emergency.reviewed', {
              verdict: t(`emergency.verdict.${review.verdict}`),
              person: nameOf(review.person),
              time: displayLocalTime(review.at),
            })}
          </b>{' '}
          {review.note}
        </p>
      )}
    </li>
  )
}

const nameOf = ({ displayName, email }: { displayName: string; email: string }): string =>
  displayName || email

const EVENTS = ['instances-accessed', 'export', 'instances-transferred'] as const

function Opened({ emergency: { opened } }: { emergency: ReviewedEmergency }): ReactNode {
  const { t } = useTexts()
  if (opened.length === 0) return <p className={styles.quiet}>{t('emergency.read.nothing')}</p>
  return (
    <table className={styles.opened}>
      <caption>{t('emergency.read')}</caption>
      <tbody>
        {opened.map((entry, index) => {
          const event = EVENTS.find((one) => one === entry.event)
          return (
            <tr key={index}>
              <td>{displayLocalTime(entry.at)}</td>
              <td>{event === undefined ? entry.event : t(`emergency.read.${event}`)}</td>
              <td>{entry.modalities.join(' ')}</td>
              <td>{displayDicomDate(entry.studyDate)}</td>
              <td>{entry.studyDescription}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const SETTINGS = '/api/admin/emergency/settings'

function Settings(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'emergency-settings'],
    queryFn: ({ signal }) => api.call('GET', SETTINGS, { answer: EmergencySettings, signal }),
  })
  return (
    <AdminSection title={t('emergency.page.settings')} query={query}>
      {(kept) => <SettingsForm key={`${kept.enabled} ${kept.minutes}`} kept={kept} />}
    </AdminSection>
  )
}

function SettingsForm({ kept }: { kept: EmergencySettings }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [enabled, setEnabled] = useState(kept.enabled)
  const [minutes, setMinutes] = useState(String(kept.minutes))
  const save = useMutation({
    mutationFn: () => api.call('PUT', SETTINGS, { body: { enabled, minutes: Number(minutes) } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['admin', 'emergency-settings'] })
      toast({ tone: 'ok', text: t('emergency.settings.saved') })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className={styles.settings} onSubmit={submit}>
      <label>
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        <span>
          {t('emergency.settings.enabled')}
          <small>{t('emergency.settings.enabled.hint')}</small>
        </span>
      </label>
      <Field
        label={t('emergency.settings.minutes')}
        hint={t('emergency.settings.minutes.hint')}
        type="number"
        min={EMERGENCY_SHORTEST}
        max={EMERGENCY_LONGEST}
        step={1}
        required
        value={minutes}
        onChange={(event) => setMinutes(event.target.value)}
      />
      <Button type="submit" kind="primary" disabled={save.isPending}>
        {t('emergency.settings.save')}
      </Button>
    </form>
  )
}
