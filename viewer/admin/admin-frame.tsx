import { Link, Outlet } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { PageNotAllowed } from '../shell/page-states.tsx'
import styles from './admin.module.css'

const TABS = [
  ['/admin/users', 'admin.users'],
  ['/admin/work', 'admin.work'],
  ['/admin/quarantine', 'admin.quarantine'],
  ['/admin/archive', 'admin.archive'],
] as const

export function AdminFrame(): ReactNode {
  const mayAdminister = useMay('user.manage')
  if (!mayAdminister) return <PageNotAllowed />
  return (
    <WithTexts areas={['admin']}>
      <QueriesProvider>
        <Admin />
      </QueriesProvider>
    </WithTexts>
  )
}

function Admin(): ReactNode {
  const { t } = useTexts()
  useEffect(() => {
    document.title = `${t('shell.nav.admin')} · Yunying 云影`
  }, [t])
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <nav className={styles.tabs} aria-label={t('shell.nav.admin')}>
          {TABS.map(([to, text]) => (
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
