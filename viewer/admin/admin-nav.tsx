import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import type { KeyboardEvent, ReactNode } from 'react'
import { useSessionUser } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { inputClass } from '../ui/field.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './admin.module.css'

/** Each page by what it is about, and what somebody must be allowed to see it. */
const GROUPS = [
  [
    'people',
    [
      ['/admin/users', 'admin.users', 'user.manage'],
      ['/admin/roles', 'people.roles', 'user.manage'],
      ['/admin/sign-in', 'people.sign-in', 'user.manage'],
      ['/admin/providers', 'admin.providers', 'user.manage'],
    ],
  ],
  [
    'access',
    [
      ['/admin/access', 'admin.access', 'access.manage'],
      ['/admin/patients', 'admin.patients', 'access.manage'],
      ['/admin/emergency', 'shell.emergency', 'emergency.review'],
      ['/admin/audit', 'admin.audit', 'audit.read'],
    ],
  ],
  [
    'archive',
    [
      ['/admin/archive', 'admin.archive', 'work.read'],
      ['/admin/work', 'admin.work', 'work.read'],
      ['/admin/quarantine', 'admin.quarantine', 'quarantine.read'],
      ['/admin/retention', 'admin.retention', 'retention.manage'],
    ],
  ],
  [
    'organisation',
    [
      ['/admin/organisation', 'organisations.title', 'organisation.change'],
      ['/admin/usage', 'organisations.usage', 'organisation.change'],
    ],
  ],
  ['installation', [['/admin/organisations', 'organisations.all', 'organisation.manage']]],
] as const

type Page = (typeof GROUPS)[number][1][number]

/** Where to go in the administration: a rail of groups, or on a narrow screen one choice. */
export function AdminNav(): ReactNode {
  const { t } = useTexts()
  const { actions } = useSessionUser()
  const { pathname } = useLocation()
  const navigate = useNavigate()
  const groups = GROUPS.map(([name, pages]) => ({
    name,
    pages: pages.filter(([, , action]) => actions.includes(action)) as readonly Page[],
  })).filter(({ pages }) => pages.length > 0)
  return (
    <>
      <nav className={styles.rail} aria-label={t('shell.nav.admin')} onKeyDown={walkLinks}>
        {groups.map(({ name, pages }) => (
          <div key={name} role="group" aria-labelledby={`admin-${name}`}>
            <h2 id={`admin-${name}`}>{t(`admin.group.${name}`)}</h2>
            {pages.map(([to, text]) => (
              <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
                {t(text)}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <select
        className={classNames(inputClass, styles.pages)}
        aria-label={t('admin.pages')}
        value={pathname}
        onChange={(event) => void navigate({ to: event.target.value })}
      >
        {groups.map(({ name, pages }) => (
          <optgroup key={name} label={t(`admin.group.${name}`)}>
            {pages.map(([to, text]) => (
              <option key={to} value={to}>
                {t(text)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }

/** Up and down walk the pages, as well as Tab does. */
function walkLinks(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key]
  if (step === undefined) return
  const links = [...event.currentTarget.querySelectorAll('a')]
  const at = links.findIndex((link) => link === document.activeElement)
  links[(at + step + links.length) % links.length]?.focus()
  event.preventDefault()
}
