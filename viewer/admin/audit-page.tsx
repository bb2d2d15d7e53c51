import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download, ScrollText } from 'lucide-react'
import { useDeferredValue, useState, type ReactNode } from 'react'
import type { z } from 'zod'
import { AuditPage as AuditShape, type AuditEntryView } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Notice } from '../ui/notice.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import { AuditFilters } from './audit-filters.tsx'
import { auditSearch, NO_FILTERS } from './audit-search.ts'

type Entry = z.infer<typeof AuditEntryView>

/** Who did what to whom, when and from where: searched, and taken away as a file. */
export function AuditPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [filters, setFilters] = useState(NO_FILTERS)
  // What is typed is asked for once the hand rests.
  const search = auditSearch(useDeferredValue(filters))
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET', '/api/admin/audit', {
        query: { ...search, before: pageParam },
        answer: AuditShape,
        signal,
      }),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  })
  return (
    <AdminSection
      title={t('admin.audit')}
      explanation={t('admin.audit.explanation')}
      query={query}
      actions={<ExportMenu search={search} />}
    >
      {({ pages }) => {
        const entries = pages.flatMap((page) => page.entries)
        return (
          <>
            <AuditFilters filters={filters} onChange={setFilters} />
            {entries.length === 0 ? (
              <Notice icon={<ScrollText size={26} strokeWidth={1.5} />} title={t('admin.audit.none')} />
            ) : (
              <EntryTable entries={entries} />
            )}
            {query.hasNextPage && (
              <div className={styles.more}>
                <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('admin.audit.more')}
                </Button>
              </div>
            )}
          </>
        )
      }}
    </AdminSection>
  )
}

function ExportMenu({ search }: { search: Readonly<Record<string, string>> }): ReactNode {
  const { t } = useTexts()
  const save = (format: 'csv' | 'fhir'): void => {
    window.location.assign(`/api/admin/audit/export/${format}?${new URLSearchParams(search).toString()}`)
  }
  return (
    <Menu
      trigger={
        <Button>
          <Download size={16} strokeWidth={1.5} />
          {t('admin.audit.export')}
        </Button>
      }
    >
      <MenuItem onSelect={() => save('csv')}>{t('admin.audit.export-csv')}</MenuItem>
      <MenuItem onSelect={() => save('fhir')}>{t('admin.audit.export-fhir')}</MenuItem>
    </Menu>
  )
}

function EntryTable({ entries }: { entries: readonly Entry[] }): ReactNode {
  const { t } = useTexts()
  return (
    <AdminTable
      titles={[
        t('admin.audit.when'),
        t('admin.audit.who'),
        t('admin.audit.what'),
        t('admin.audit.whom'),
        t('admin.audit.where'),
      ]}
    >
      {entries.map((entry) => (
        <EntryLine key={entry.id} entry={entry} />
      ))}
    </AdminTable>
  )
}

function EntryLine({ entry }: { entry: Entry }): ReactNode {
  const { t, language } = useTexts()
  const { person, studyInstanceUid: study } = entry
  const detail = detailText(entry, t)
  return (
    <tr>
      <td className={`${styles.secondary} ${styles.nowrap}`}>
        <time dateTime={entry.occurredAt}>{displayLocalTime(entry.occurredAt)}</time>
      </td>
      <td>
        {person === null ? t('admin.audit.archive-itself') : person.displayName || person.email}
        {person !== null && person.displayName !== '' && (
          <>
            <br />
            <span className={styles.secondary}>{person.email}</span>
          </>
        )}
      </td>
      <td>
        {t(`admin.audit.event.${entry.event as EventName}`)}
        {entry.outcome !== 'success' && (
          <>
            {' '}
            <span className={`${styles.tag} ${styles.warn}`}>
              {t(entry.outcome === 'denied' ? 'admin.audit.denied' : 'admin.audit.failure')}
            </span>
          </>
        )}
        {detail !== '' && (
          <>
            <br />
            <span className={styles.secondary}>{detail}</span>
          </>
        )}
      </td>
      <td>
        {study !== null && (
          <Link to="/studies/$studyInstanceUid" params={{ studyInstanceUid: study }}>
            {entry.patientName === null
              ? entry.patientId || t('admin.audit.study')
              : displayPersonName(entry.patientName, language).primary}
          </Link>
        )}
        <br />
        <span className={styles.secondary}>{entry.patientId}</span>
      </td>
      <td className={styles.secondary}>{entry.address}</td>
    </tr>
  )
}

/** Images in words; what else was noted, as it was noted: codes that a person looks up. */
function detailText({ event, detail }: Entry, t: ReturnType<typeof useTexts>['t']): string {
  const { action, count, source } = detail
  const isOfImages = event === 'instances-transferred' && typeof count === 'number'
  // The archive itself is named as who did it.
  const said: readonly string[] = isOfImages ? ['actor', 'action', 'count', 'source'] : ['actor']
  const images = isOfImages
    ? [t(action === 'stored' ? 'admin.audit.images-stored' : 'admin.audit.images-sent', { count })]
    : []
  const from = isOfImages && source !== undefined ? [String(source)] : []
  const noted = Object.entries(detail)
    .filter(([name]) => !said.includes(name))
    .map(([name, value]) => `${name}: ${String(value)}`)
  return [...images, ...from, ...noted].join(' · ')
}

type EventName = NonNullable<Parameters<typeof auditSearch>[0]['event']>
