import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { z } from 'zod'
import { QuarantinePage as QuarantineShape, type QuarantineEntry } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import { ComparisonDialog } from './comparison-dialog.tsx'

type Entry = z.infer<typeof QuarantineEntry>

/** Images that came with the identifier of one that is here, and other content: a person decides. */
export function QuarantinePage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [compared, setCompared] = useState<Entry>()
  const [asked, setAsked] = useState<Entry>()
  const query = useQuery({
    queryKey: ['admin', 'quarantine'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/quarantine', { answer: QuarantineShape, signal }),
  })
  return (
    <AdminSection title={t('admin.quarantine')} explanation={t('admin.quarantine.explanation')} query={query}>
      {({ entries }) =>
        entries.length === 0 ? (
          <Notice icon={<ShieldCheck size={26} strokeWidth={1.5} />} title={t('admin.quarantine.none')} />
        ) : (
          <>
            <EntryTable entries={entries} onCompare={setCompared} />
            {compared !== undefined && (
              <ComparisonDialog
                entry={compared}
                onClose={() => setCompared(undefined)}
                onDiscard={() => {
                  setAsked(compared)
                  setCompared(undefined)
                }}
              />
            )}
            {asked !== undefined && <DiscardDialog entry={asked} onClose={() => setAsked(undefined)} />}
          </>
        )
      }
    </AdminSection>
  )
}

function EntryTable({
  entries,
  onCompare,
}: {
  entries: readonly Entry[]
  onCompare: (entry: Entry) => void
}): ReactNode {
  const { t, language } = useTexts()
  return (
    <AdminTable
      titles={[
        t('admin.quarantine.patient'),
        t('admin.quarantine.instance'),
        t('admin.quarantine.size'),
        t('admin.quarantine.received'),
      ]}
      hasActions
    >
      {entries.map((entry) => (
        <tr key={entry.quarantineId}>
          <td>
            {displayPersonName(entry.patientName, language).primary || t('shell.patient.unnamed')}
            <br />
            <span className={styles.secondary}>{entry.patientId}</span>
          </td>
          <td className={styles.reason}>
            <Link to="/studies/$studyInstanceUid" params={{ studyInstanceUid: entry.studyInstanceUid }}>
              {t('admin.quarantine.see-kept')}
            </Link>
            <br />
            <span className={styles.secondary}>{entry.sopInstanceUid}</span>
          </td>
          <td>{displayBytes(entry.size)}</td>
          <td className={styles.secondary}>
            {displayLocalTime(entry.receivedAt)}
            <br />
            {entry.receivedBy ?? entry.source}
          </td>
          <td>
            <Button onClick={() => onCompare(entry)}>{t('admin.quarantine.compare')}</Button>
          </td>
        </tr>
      ))}
    </AdminTable>
  )
}

/** Discarding bytes cannot be undone, so this one is asked. */
function DiscardDialog({ entry, onClose }: { entry: Entry; onClose: () => void }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const discard = useMutation({
    mutationFn: () => api.call('DELETE', `/api/admin/quarantine/${entry.quarantineId}`),
    onSuccess: async () => {
      onClose()
      await queries.invalidateQueries({ queryKey: ['admin'] })
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('admin.quarantine.discard-title')}
      description={t('admin.quarantine.discard-text')}
    >
      {discard.isError && (
        <p className={styles.fault} role="alert">
          {errorText(t, discard.error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('shell.cancel')}</Button>
        <Button kind="danger" disabled={discard.isPending} onClick={() => discard.mutate()}>
          {t('admin.quarantine.discard')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
