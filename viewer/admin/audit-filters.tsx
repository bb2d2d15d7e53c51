import type { ReactNode } from 'react'
import { AuditEvent } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Field, inputClass } from '../ui/field.tsx'
import styles from './admin.module.css'
import type { AuditFilterValues } from './audit-search.ts'

interface AuditFiltersProps {
  readonly filters: AuditFilterValues
  readonly onChange: (filters: AuditFilterValues) => void
}

/** Who, whom, what, how it ended and when; each narrows. */
export function AuditFilters({ filters, onChange }: AuditFiltersProps): ReactNode {
  const { t } = useTexts()
  const text = (name: 'person' | 'patient' | 'address' | 'from' | 'to', type: 'search' | 'date') => (
    <Field
      type={type}
      label={t(`admin.audit.filter.${name}`)}
      value={filters[name]}
      onChange={(event) => onChange({ ...filters, [name]: event.target.value })}
    />
  )
  return (
    <search className={styles.filters}>
      {text('person', 'search')}
      {text('patient', 'search')}
      <label className={styles.choice}>
        <span>{t('admin.audit.what')}</span>
        <select
          className={inputClass}
          value={filters.event ?? ''}
          onChange={(event) =>
            onChange({ ...filters, event: AuditEvent.options.find((name) => name === event.target.value) })
          }
        >
          <option value="">{t('admin.audit.any')}</option>
          {AuditEvent.options.map((name) => (
            <option key={name} value={name}>
              {t(`admin.audit.event.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.choice}>
        <span>{t('admin.audit.filter.outcome')}</span>
        <select
          className={inputClass}
          value={filters.outcome ?? ''}
          onChange={(event) =>
            onChange({ ...filters, outcome: OUTCOMES.find((name) => name === event.target.value) })
          }
        >
          <option value="">{t('admin.audit.any')}</option>
          {OUTCOMES.map((name) => (
            <option key={name} value={name}>
              {t(`admin.audit.${name}`)}
            </option>
          ))}
        </select>
      </label>
      {text('from', 'date')}
      {text('to', 'date')}
      {text('address', 'search')}
    </search>
  )
}

const OUTCOMES = ['success', 'denied', 'failure'] as const
