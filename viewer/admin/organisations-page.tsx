import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { OrganisationList } from '../../core/contract/organisations.ts'
import { useApi, useSessionUser } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import { OrganisationDialog } from './organisation-dialog.tsx'
import { PasswordDialog, type OneTimePassword } from './password-dialog.tsx'

type Listed = OrganisationList['organisations'][number]

/** Every organisation of the installation, for who runs it. */
export function OrganisationsPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'organisations'],
    queryFn: ({ signal }) =>
      api.call('GET', '/api/admin/organisations', { answer: OrganisationList, signal }),
  })
  const [shown, setShown] = useState<'new' | Listed>()
  const [password, setPassword] = useState<OneTimePassword>()
  return (
    <AdminSection
      title={t('organisations.all')}
      explanation={t('organisations.all.explanation')}
      query={query}
      actions={
        <Button kind="primary" onClick={() => setShown('new')}>
          <Plus size={16} strokeWidth={2} />
          {t('organisations.all.add')}
        </Button>
      }
    >
      {({ organisations }) => (
        <>
          <AdminTable
            titles={[
              t('organisations.name'),
              t('organisations.ae-title'),
              t('organisations.all.people'),
              t('organisations.all.studies'),
              t('organisations.all.kept'),
              t('organisations.all.renditions'),
              t('organisations.all.since'),
            ]}
            hasActions
          >
            {organisations.map((each) => (
              <Line key={each.organisationId} organisation={each} onChange={() => setShown(each)} />
            ))}
          </AdminTable>
          <p className={styles.sum}>
            {t('organisations.all.sum', {
              kept: displayBytes(organisations.reduce((sum, each) => sum + each.keptBytes, 0)),
              renditions: displayBytes(organisations.reduce((sum, each) => sum + each.renditionBytes, 0)),
            })}
          </p>
          {shown !== undefined && (
            <OrganisationDialog
              {...(shown === 'new' ? {} : { organisation: shown })}
              onClose={() => setShown(undefined)}
              onCreated={setPassword}
            />
          )}
          {password !== undefined && (
            <PasswordDialog password={password} onClose={() => setPassword(undefined)} />
          )}
        </>
      )}
    </AdminSection>
  )
}

function Line({ organisation, onChange }: { organisation: Listed; onChange: () => void }): ReactNode {
  const { t, language } = useTexts()
  const { organisationName } = useSessionUser()
  const { name, aeTitle, people, studies, keptBytes, quotaBytes, renditionBytes, createdAt } = organisation
  const number = (value: number): string => new Intl.NumberFormat(language).format(value)
  const isTight = quotaBytes !== null && keptBytes > quotaBytes * 0.9
  return (
    <tr>
      <td>
        {name} {name === organisationName && <span className={styles.tag}>{t('organisations.all.own')}</span>}
      </td>
      <td className={styles.secondary}>{aeTitle}</td>
      <td>{number(people)}</td>
      <td>{number(studies)}</td>
      <td>
        {displayBytes(keptBytes)}{' '}
        <span className={isTight ? `${styles.tag} ${styles.warn}` : styles.secondary}>
          / {quotaBytes === null ? t('organisations.all.no-limit') : displayBytes(quotaBytes)}
        </span>
      </td>
      <td className={styles.secondary}>{displayBytes(renditionBytes)}</td>
      <td className={styles.secondary}>{displayLocalTime(createdAt)}</td>
      <td>
        <Button kind="quiet" aria-label={t('organisations.all.change-of', { name })} onClick={onChange}>
          {t('organisations.all.change')}
        </Button>
      </td>
    </tr>
  )
}
