import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { AuditEntryView } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { displayLocalSecond } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import own from './audit-entries.module.css'
import { actorOf, deedOf, notesOf } from './audit-words.ts'
import { foldedEntries } from './folded-entries.ts'

type Entry = z.infer<typeof AuditEntryView>

/** What was recorded, a line an event; on a narrow screen, a block an event. */
export function AuditEntries({ entries }: { entries: readonly Entry[] }): ReactNode {
  const { t } = useTexts()
  return (
    <AdminTable
      className={own.table}
      titles={[
        t('admin.audit.when'),
        t('admin.audit.who'),
        t('admin.audit.what'),
        t('admin.audit.whom'),
        t('admin.audit.where'),
      ]}
    >
      {foldedEntries(entries).map((entry) => (
        <EntryLine key={entry.id} entry={entry} />
      ))}
    </AdminTable>
  )
}

function EntryLine({ entry }: { entry: Entry }): ReactNode {
  const { t } = useTexts()
  const notes = notesOf(entry, t)
  const from = entry.address ?? entry.detail['address']
  return (
    <tr>
      <td className={classNames(styles.secondary, own.when)}>
        <time dateTime={entry.occurredAt}>{displayLocalSecond(entry.occurredAt)}</time>
      </td>
      <td className={own.who}>
        {entry.person === null ? actorOf(entry, t) : <Person person={entry.person} />}
      </td>
      <td className={own.what}>
        {deedOf(entry, t)}
        {entry.outcome !== 'success' && (
          <span className={classNames(styles.tag, styles.warn, own.outcome)}>
            {t(entry.outcome === 'denied' ? 'admin.audit.denied' : 'admin.audit.failure')}
          </span>
        )}
        {notes !== '' && <div className={styles.secondary}>{notes}</div>}
      </td>
      <td className={own.whom}>
        <Whom entry={entry} />
      </td>
      <td className={classNames(styles.secondary, own.from)}>{from}</td>
    </tr>
  )
}

function Person({ person }: { person: NonNullable<Entry['person']> }): ReactNode {
  return (
    <>
      {person.displayName || person.email}
      {person.displayName !== '' && <div className={styles.secondary}>{person.email}</div>}
    </>
  )
}

/** The patient whose study it was, the person whose account, or both. */
function Whom({ entry }: { entry: Entry }): ReactNode {
  const { t, language } = useTexts()
  const { studyInstanceUid: study, subject, person, patientId, patientName } = entry
  const isOther = subject !== null && subject.userId !== person?.userId
  return (
    <>
      {study !== null && (
        <div>
          <Link to="/studies/$studyInstanceUid" params={{ studyInstanceUid: study }}>
            {patientName === null
              ? patientId || t('admin.audit.study')
              : displayPersonName(patientName, language).primary}
          </Link>
          {patientName !== null && <div className={styles.secondary}>{patientId}</div>}
        </div>
      )}
      {isOther && <Person person={subject} />}
    </>
  )
}
