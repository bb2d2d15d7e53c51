import { Outlet } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { PageNotAllowed } from '../shell/page-states.tsx'
import { AdminNav } from './admin-nav.tsx'
import styles from './admin.module.css'

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
  useEffect(() => {
    document.title = `${t('shell.nav.admin')} · Yunying 云影`
  }, [t])
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <AdminNav />
        <div className={styles.content}>
          <Outlet />
        </div>
      </div>
    </div>
  )
}
