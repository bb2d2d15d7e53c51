import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { useMay, useSessionUser } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { PageNotAllowed } from '../shell/page-states.tsx'
import styles from './admin.module.css'

/** Each page, and what somebody must be allowed to see it. */
const TABS = [
  ['/admin/users', 'admin.users', 'user.manage'],
  ['/admin/access', 'admin.access', 'access.manage'],
  ['/admin/roles', 'people.roles', 'user.manage'],
  ['/admin/sign-in', 'people.sign-in', 'user.manage'],
  ['/admin/work', 'admin.work', 'work.read'],
  ['/admin/quarantine', 'admin.quarantine', 'quarantine.read'],
  ['/admin/archive', 'admin.archive', 'work.read'],
  ['/admin/emergency', 'shell.emergency', 'emergency.review'],
  ['/admin/patients', 'admin.patients', 'access.manage'],
  ['/admin/audit', 'admin.audit', 'audit.read'],
  ['/admin/usage', 'organisations.usage', 'organisation.change'],
  ['/admin/organisation', 'organisations.title', 'organisation.change'],
  ['/admin/organisations', 'organisations.all', 'organisation.manage'],
] as const

export function AdminFrame(): ReactNode {
  const mayAdminister = useMay('user.manage')
  const mayAudit = useMay('audit.read')
  if (!mayAdminister && !mayAudit) return <PageNotAllowed />
  return (
    <WithTexts areas={['admin', 'people', 'organisations']}>
      <QueriesProvider>
        <Admin />
      </QueriesProvider>
    </WithTexts>
  )
}

function Admin(): ReactNode {
  const { t } = useTexts()
  const { actions } = useSessionUser()
  useEffect(() => {
    document.title = `${t('shell.nav.admin')} · Yunying 云影`
  }, [t])
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <nav className={styles.tabs} aria-label={t('shell.nav.admin')}>
          {TABS.filter(([, , action]) => actions.includes(action)).map(([to, text]) => (
            <Link key={to} to={to} className={styles.tab} activeProps={{ 'aria-current': 'page' }}>
              {t(text)}
            </Link>
          ))}
        </nav>
        <Outlet />
      </div>
    </div>
  )
}
