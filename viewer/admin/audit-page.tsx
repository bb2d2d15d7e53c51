import { useInfiniteQuery } from '@tanstack/react-query'
import { Download, ScrollText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { AuditPage as AuditShape } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Notice } from '../ui/notice.tsx'
import { useRestedValue } from '../ui/use-rested-value.ts'
import { AdminSection } from './admin-section.tsx'
import styles from './admin.module.css'
import { AuditEntries } from './audit-entries.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { auditSearch, NO_FILTERS } from './audit-search.ts'

/** Each question is recorded: not each letter that is typed. */
const REST_MS = 400

/** Who did what to whom, when and from where: searched, and taken away as a file. */
export function AuditPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [filters, setFilters] = useState(NO_FILTERS)
  const search = auditSearch(useRestedValue(filters, REST_MS))
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
              <AuditEntries entries={entries} />
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
