import { Link, Outlet } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay, useSessionUser } from '../client/client-context.tsx'
import { EmergencyBanner } from '../emergency/emergency-banner.tsx'
import { EmergencyNav } from '../emergency/emergency-nav.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { BrandMark } from '../ui/brand-mark.tsx'
import { DropAnywhere } from '../upload/drop-anywhere.tsx'
import styles from './frame.module.css'
import { KeyboardHelp } from './keyboard-help.tsx'
import { UploadIndicator } from './upload-indicator.tsx'
import { UserMenu } from './user-menu.tsx'

/** What the first organisation is called until somebody says. */
const UNNAMED = 'Yunying'

/** The organisation's own mark and name. */
function OrganisationMark(): ReactNode {
  const { organisationLogoUrl, organisationName } = useSessionUser()
  const name = organisationName === UNNAMED ? '' : organisationName
  return (
    <>
      {organisationLogoUrl !== null && (
        <img src={organisationLogoUrl} alt={organisationName} className={styles.logo} />
      )}
      {name !== '' && (
        <span className={styles.organisation} title={name}>
          {name}
        </span>
      )}
    </>
  )
}

/** The top bar and the page under it. */
export function Frame(): ReactNode {
  const { t } = useTexts()
  const mayStore = useMay('instance.store')
  const mayShare = useMay('study.share')
  const mayManage = useMay('user.manage')
  const mayAudit = useMay('audit.read')
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {t('shell.skip-to-content')}
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.brand} activeOptions={{ exact: true }} aria-label="Yunying 云影">
          <BrandMark />
          <b>Yunying</b>
          <span lang="zh-CN">云影</span>
        </Link>
        <nav className={styles.nav} aria-label={t('shell.navigation')}>
          <Link
            to="/"
            className={styles.link}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {t('shell.nav.worklist')}
          </Link>
          {mayStore && (
            <Link to="/upload" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
              {t('shell.nav.upload')}
            </Link>
          )}
          {mayShare && (
            <Link to="/shares" className={styles.link} activeProps={{ 'aria-current': 'page' }}>
              {t('shell.nav.shares')}
            </Link>
          )}
          {(mayManage || mayAudit) && (
            <Link
              to={mayManage ? '/admin' : '/admin/audit'}
              className={styles.link}
              activeProps={{ 'aria-current': 'page' }}
            >
              {t('shell.nav.admin')}
            </Link>
          )}
        </nav>
        <div className={styles.end}>
          <OrganisationMark />
          <EmergencyNav />
          {mayStore && <UploadIndicator />}
          <KeyboardHelp />
          <UserMenu />
        </div>
      </header>
      <EmergencyBanner />
      <main id="content" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      {mayStore && <DropAnywhere />}
    </div>
  )
}
