import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { QuarantineComparison, type DifferingValue, type QuarantineEntry } from '../../core/contract/api.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import styles from './admin.module.css'

type Entry = z.infer<typeof QuarantineEntry>
type Value = z.infer<typeof DifferingValue>

/** What a person needs to decide: both images side by side, in what they differ, and the bytes for a closer look. */
export function ComparisonDialog({
  entry,
  onClose,
  onDiscard,
}: {
  entry: Entry
  onClose: () => void
  onDiscard: () => void
}): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const address = `/api/admin/quarantine/${entry.quarantineId}`
  const query = useQuery({
    queryKey: ['admin', 'quarantine', entry.quarantineId],
    queryFn: ({ signal }) =>
      api.call('GET', `${address}/differences`, { answer: QuarantineComparison, signal }),
    // Each look is recorded.
    staleTime: Infinity,
    retry: false,
  })
  return (
    <Dialog open wide onOpenChange={onClose} title={t('admin.quarantine.compare-title')}>
      <div aria-busy={query.isPending} className={styles.comparison}>
        <p className={`${styles.secondary} ${styles.reason}`}>{entry.sopInstanceUid}</p>
        {query.isError ? (
          <p className={styles.fault} role="alert">
            {errorText(t, query.error)}
          </p>
        ) : query.data === undefined ? (
          <p className={styles.secondary}>{t('admin.quarantine.comparing')}</p>
        ) : query.data.kept === null ? (
          <p>{t('admin.quarantine.nothing-kept')}</p>
        ) : (
          <Differences entry={entry} kept={query.data.kept} comparison={query.data} />
        )}
      </div>
      <DialogActions>
        <a className={buttonClass()} href={`${address}/instance`} download>
          <Download size={16} strokeWidth={1.5} />
          {t('admin.quarantine.download')}
        </a>
        <Button kind="danger" onClick={onDiscard}>
          {t('admin.quarantine.discard')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function Differences({
  entry,
  kept,
  comparison: { elements, more, pixels },
}: {
  entry: Entry
  kept: NonNullable<QuarantineComparison['kept']>
  comparison: QuarantineComparison
}): ReactNode {
  const { t } = useTexts()
  return (
    <>
      <p>
        {t(`admin.quarantine.pixels-${pixels}`)}{' '}
        {elements.length === 0
          ? t('admin.quarantine.no-differences')
          : t('admin.quarantine.differences', { count: elements.length + more })}
      </p>
      <div className={styles.frame}>
        <table className={`${styles.table} ${styles.dense}`}>
          <thead>
            <tr>
              <th scope="col">{t('admin.quarantine.element')}</th>
              <th scope="col">{t('admin.quarantine.kept')}</th>
              <th scope="col">{t('admin.quarantine.received-one')}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t('admin.quarantine.received')}</th>
              <td>{arrival(kept)}</td>
              <td>{arrival(entry)}</td>
            </tr>
            <tr>
              <th scope="row">{t('admin.quarantine.size')}</th>
              <td>{displayBytes(kept.size)}</td>
              <td>{displayBytes(entry.size)}</td>
            </tr>
            {elements.map(({ path, keyword, kept: here, received }) => (
              <tr key={path}>
                <th scope="row">
                  {keyword ?? t('admin.quarantine.unknown-element')}
                  <br />
                  <span className={styles.secondary}>{displayPath(path)}</span>
                </th>
                <td>
                  <ValueText value={here} />
                </td>
                <td>
                  <ValueText value={received} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className={styles.secondary}>{t('admin.quarantine.more', { count: more })}</p>}
    </>
  )
}

const arrival = (of: { receivedAt: string; receivedBy: string | null; source: string }): string =>
  `${displayLocalTime(of.receivedAt)} · ${of.receivedBy ?? of.source}`

function ValueText({ value }: { value: Value }): ReactNode {
  const { t } = useTexts()
  if (value === null) return <span className={styles.secondary}>{t('admin.quarantine.absent')}</span>
  if ('text' in value) return value.text
  return (
    <span className={styles.secondary}>
      {'bytes' in value ? displayBytes(value.bytes) : t('admin.quarantine.items', { count: value.items })}
    </span>
  )
}

/** `00081140/0/00081155` as `(0008,1140)[1] (0008,1155)`. */
function displayPath(path: string): string {
  return path
    .split('/')
    .map((step, index) =>
      index % 2 === 0 ? `(${step.slice(0, 4)},${step.slice(4)})` : `[${Number(step) + 1}] `,
    )
    .join('')
}
