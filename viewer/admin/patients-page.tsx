import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { IssuedSlips, PatientSettings } from '../../core/contract/patient.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Notice } from '../ui/notice.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import cards from './emergency-page.module.css'

export function PatientsPage(): ReactNode {
  return (
    <WithTexts areas={['slip']}>
      <div className={cards.page}>
        <Slips />
        <Settings />
      </div>
    </WithTexts>
  )
}

/** Access slips that are out, each of which can be taken back. */
function Slips(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'patients'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/patients', { answer: IssuedSlips, signal }),
  })
  return (
    <AdminSection title={t('slip.page')} explanation={t('slip.page.explanation')} query={query}>
      {({ slips }) =>
        slips.length === 0 ? (
          <div className={cards.nothing}>
            <Notice title={t('slip.page.none')} />
          </div>
        ) : (
          <AdminTable
            titles={[
              t('slip.page.patient'),
              t('slip.page.issued'),
              t('slip.page.expires'),
              t('slip.page.opened'),
            ]}
            hasActions
          >
            {slips.map((slip) => (
              <SlipLine key={slip.userId} slip={slip} />
            ))}
          </AdminTable>
        )
      }
    </AdminSection>
  )
}

function SlipLine({ slip }: { slip: IssuedSlips['slips'][number] }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const revoke = useMutation({
    mutationFn: () => api.call('DELETE', `/api/admin/patients/${slip.userId}/slip`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['admin', 'patients'] })
      toast({ tone: 'ok', text: t('slip.page.revoked') })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <tr>
      <td>
        {slip.patientName} <span className={styles.secondary}>{slip.patientId}</span>{' '}
        {slip.locked && <span className={`${styles.tag} ${styles.warn}`}>{t('slip.page.locked')}</span>}
      </td>
      <td className={styles.secondary}>{displayLocalTime(slip.issuedAt)}</td>
      <td className={styles.secondary}>{displayLocalTime(slip.expiresAt)}</td>
      <td className={styles.secondary}>
        {slip.openedAt === null ? t('slip.page.never') : displayLocalTime(slip.openedAt)}
      </td>
      <td>
        <Button kind="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {t('slip.page.revoke')}
        </Button>
      </td>
    </tr>
  )
}

const SETTINGS = '/api/admin/patients/settings'

function Settings(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const query = useQuery({
    queryKey: ['admin', 'patient-settings'],
    queryFn: ({ signal }) => api.call('GET', SETTINGS, { answer: PatientSettings, signal }),
  })
  const save = useMutation({
    mutationFn: (namesShown: boolean) => api.call('PUT', SETTINGS, { body: { namesShown } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['admin', 'patient-settings'] })
      toast({ tone: 'ok', text: t('slip.settings.saved') })
    },
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <AdminSection title={t('slip.settings')} query={query}>
      {({ namesShown }) => (
        <div className={cards.settings}>
          <label>
            <input
              type="checkbox"
              checked={namesShown}
              disabled={save.isPending}
              onChange={(event) => save.mutate(event.target.checked)}
            />
            <span>
              {t('slip.settings.names')}
              <small>{t('slip.settings.names.hint')}</small>
            </span>
          </label>
        </div>
      )}
    </AdminSection>
  )
}
