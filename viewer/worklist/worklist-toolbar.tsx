import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { WORKLIST_STATUSES, type WorklistPage } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { inputClass } from '../ui/field.tsx'
import { DateFilter } from './date-filter.tsx'
import { isFiltered, withFilters, type WorklistFilters } from './worklist-filters.ts'
import styles from './worklist-toolbar.module.css'

const TYPING_MS = 200

interface WorklistToolbarProps {
  readonly filters: WorklistFilters
  readonly onChange: (filters: WorklistFilters) => void
  readonly modalities: WorklistPage['modalities']
  readonly total: number | undefined
  /** False: there are more than `total`. */
  readonly totalIsExact: boolean
  readonly isLive: boolean
  readonly searchField: RefObject<HTMLInputElement | null>
  /** From the search field into the list, without a mouse. */
  readonly onLeaveSearch: (to: 'next' | 'open') => void
}

/** Search, modalities with their counts, dates, status: what narrows the list. */
export function WorklistToolbar(props: WorklistToolbarProps): ReactNode {
  const { filters, onChange, modalities, total } = props
  const { t } = useTexts()
  const chosen = filters.modality ?? []
  // A chosen modality stays to be taken away again, also when nothing of it is left.
  const gone = chosen.filter((one) => modalities.every(({ modality }) => modality !== one))
  const chips = [...modalities, ...gone.map((modality) => ({ modality, count: 0 }))]

  return (
    <div className={styles.toolbar} role="search">
      <SearchField {...props} />
      {chips.length > 0 && (
        <div className={styles.group} role="group" aria-label={t('worklist.filter.modality')}>
          {chips.map(({ modality, count }) => (
            <button
              key={modality}
              type="button"
              className={styles.chip}
              aria-pressed={chosen.includes(modality)}
              onClick={() => onChange(withFilters(filters, { modality: toggled(chosen, modality) }))}
            >
              <b>{modality}</b>
              {count !== null && <span>{count}</span>}
            </button>
          ))}
        </div>
      )}
      <DateFilter filters={filters} onChange={onChange} />
      <div className={styles.group} role="group" aria-label={t('worklist.filter.status')}>
        {WORKLIST_STATUSES.filter((status) => status !== 'ready').map((status) => (
          <button
            key={status}
            type="button"
            className={styles.chip}
            aria-pressed={filters.status === status}
            onClick={() =>
              onChange(withFilters(filters, { status: filters.status === status ? undefined : status }))
            }
          >
            {t(`worklist.status.${status}`)}
          </button>
        ))}
      </div>
      <div className={styles.end}>
        {!props.isLive && (
          <span className={styles.offline} role="status">
            {t('worklist.not-live')}
          </span>
        )}
        {isFiltered(filters) && (
          <Button
            kind="quiet"
            onClick={() => onChange(withFilters({}, { sort: filters.sort, direction: filters.direction }))}
          >
            {t('worklist.clear')}
          </Button>
        )}
        {total !== undefined && (
          <span aria-live="polite">
            {t(props.totalIsExact ? 'worklist.total' : 'worklist.total-more', { count: total })}
          </span>
        )}
      </div>
    </div>
  )
}

function SearchField({ filters, onChange, searchField, onLeaveSearch }: WorklistToolbarProps): ReactNode {
  const { t } = useTexts()
  const [text, setText] = useState(filters.q ?? '')
  const [searched, setSearched] = useState(filters.q)
  // The address changed by itself (back, a link): the field follows.
  if (filters.q !== searched) {
    setSearched(filters.q)
    if ((filters.q ?? '') !== text.trim()) setText(filters.q ?? '')
  }
  const latest = useRef({ filters, onChange })
  useEffect(() => {
    latest.current = { filters, onChange }
  })
  useEffect(() => {
    const timer = setTimeout(() => {
      const { filters: now, onChange: change } = latest.current
      const q = text.trim() === '' ? undefined : text.trim()
      if (q !== now.q) change(withFilters(now, { q }))
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      if (text === '') searchField.current?.blur()
      else setText('')
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      onLeaveSearch(event.key === 'Enter' ? 'open' : 'next')
    }
  }

  return (
    <div className={styles.search}>
      <Search size={16} strokeWidth={1.5} aria-hidden="true" />
      <input
        ref={searchField}
        type="search"
        className={inputClass}
        aria-label={t('worklist.search')}
        aria-keyshortcuts="/"
        placeholder={t('worklist.search.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <IconButton className={styles.clear} label={t('worklist.search.clear')} onClick={() => setText('')}>
          <X size={16} strokeWidth={1.5} />
        </IconButton>
      )}
    </div>
  )
}

function toggled(chosen: readonly string[], modality: string): readonly string[] | undefined {
  const next = chosen.includes(modality) ? chosen.filter((one) => one !== modality) : [...chosen, modality]
  return next.length === 0 ? undefined : next
}
