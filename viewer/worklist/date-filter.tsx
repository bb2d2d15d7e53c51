import { CalendarDays } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { Field } from '../ui/field.tsx'
import { DATE_PRESETS, withFilters, type WorklistFilters } from './worklist-filters.ts'
import styles from './worklist-toolbar.module.css'

/** Yesterday has an address and no chip: the row is full, and the dates reach it. */
const SHOWN_PRESETS = DATE_PRESETS.filter((preset) => preset !== 'yesterday')

interface DateFilterProps {
  readonly filters: WorklistFilters
  readonly onChange: (filters: WorklistFilters) => void
}

/** The study's date: usual stretches at one press, any other from and to. */
export function DateFilter({ filters, onChange }: DateFilterProps): ReactNode {
  const { t } = useTexts()
  const { date, from, to } = filters
  const hasRange = from !== undefined || to !== undefined
  const choose = (change: { from?: string | undefined; to?: string | undefined }): void =>
    onChange(withFilters(filters, { from, to, ...change, date: undefined }))

  return (
    <div className={styles.group} role="group" aria-label={t('worklist.filter.date')}>
      {SHOWN_PRESETS.map((preset) => (
        <button
          key={preset}
          type="button"
          className={styles.chip}
          aria-pressed={date === preset}
          onClick={() =>
            onChange(
              withFilters(filters, {
                date: date === preset ? undefined : preset,
                from: undefined,
                to: undefined,
              }),
            )
          }
        >
          {t(`worklist.date.${preset}`)}
        </button>
      ))}
      <Popover.Root>
        <Popover.Trigger asChild>
          <button type="button" className={styles.chip} aria-pressed={hasRange}>
            <CalendarDays size={14} strokeWidth={1.5} aria-hidden="true" />
            {hasRange
              ? `${displayDicomDate(from ?? '…')} – ${displayDicomDate(to ?? '…')}`
              : t('worklist.date.range')}
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className={styles.popover} align="start" sideOffset={6} collisionPadding={8}>
            <div className={styles.range}>
              <Field
                label={t('worklist.date.from')}
                type="date"
                value={from === undefined ? '' : displayDicomDate(from)}
                max={to === undefined ? undefined : displayDicomDate(to)}
                onChange={(event) => choose({ from: dicomOf(event.target.value) })}
              />
              <Field
                label={t('worklist.date.to')}
                type="date"
                value={to === undefined ? '' : displayDicomDate(to)}
                min={from === undefined ? undefined : displayDicomDate(from)}
                onChange={(event) => choose({ to: dicomOf(event.target.value) })}
              />
            </div>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  )
}

const dicomOf = (iso: string): string | undefined => (iso === '' ? undefined : iso.replaceAll('-', ''))
