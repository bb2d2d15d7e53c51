import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import type { WorklistStudy } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { WORKLIST_COLUMNS, type WorklistColumn } from './worklist-columns.ts'
import type { WorklistFilters } from './worklist-filters.ts'
import { ROW_PIXELS, rowId, WorklistBones, WorklistRow } from './worklist-row.tsx'
import type { WorklistState, WorklistStore } from './worklist-store.ts'
import styles from './worklist-table.module.css'

/** For so long after the pointer or a key was used on the list, rows stay where they are. */
const STILL_MS = 5000
const BONES = 24

interface WorklistTableProps {
  readonly state: WorklistState
  readonly store: WorklistStore
  readonly stale: boolean
  readonly filters: WorklistFilters
  readonly selectedIndex: number | undefined
  readonly onSort: (change: Pick<WorklistFilters, 'sort' | 'direction'>) => void
  readonly onOpen: (study: WorklistStudy) => void
  readonly onPreview: (index: number, study: WorklistStudy) => void
  readonly onHover: (study: WorklistStudy) => void
}

/** The list itself: only the rows on screen exist, and they do not move under the pointer when others arrive. */
export function WorklistTable(props: WorklistTableProps): ReactNode {
  const { state, store, selectedIndex } = props
  const { t } = useTexts()
  const scroll = useRef<HTMLDivElement>(null)
  const touched = useRef(0)
  const { above, spacer, showNew } = useSteadyRows(scroll, touched, state)
  const virtual = useVirtualizer({
    count: state.total,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => store.show(first, last), [store, first, last, state])

  useEffect(() => {
    if (selectedIndex === undefined) return
    touched.current = Date.now()
    virtual.scrollToIndex(selectedIndex, { align: 'auto' })
  }, [selectedIndex, virtual])

  return (
    <div
      role="grid"
      aria-label={t('worklist.title')}
      aria-rowcount={state.totalIsExact ? state.total + 1 : -1}
      aria-busy={!state.loaded}
      aria-activedescendant={selectedIndex === undefined ? undefined : rowId(selectedIndex)}
      tabIndex={0}
      className={styles.table}
      onPointerMove={() => {
        touched.current = Date.now()
      }}
      onPointerLeave={() => {
        touched.current = 0
      }}
    >
      <Head filters={props.filters} onSort={props.onSort} />
      <div
        ref={scroll}
        role="presentation"
        className={classNames(styles.scroll, props.stale && styles.stale)}
      >
        <div
          role="rowgroup"
          className={styles.content}
          style={{ height: (state.loaded ? virtual.getTotalSize() : BONES * ROW_PIXELS) + spacer }}
        >
          {!state.loaded &&
            Array.from({ length: BONES }, (_, index) => <WorklistBones key={index} index={index} />)}
          {items.map(({ index }) => {
            const study = state.rows.get(index)
            return study === undefined ? (
              <WorklistBones key={index} index={index} />
            ) : (
              <WorklistRow
                key={study.studyId}
                index={index}
                study={study}
                selected={index === selectedIndex}
                onOpen={props.onOpen}
                onPreview={props.onPreview}
                onHover={props.onHover}
              />
            )
          })}
        </div>
      </div>
      {above > 0 && (
        <button type="button" className={styles.pill} onClick={showNew}>
          {t('worklist.new', { count: above })}
        </button>
      )}
    </div>
  )
}

/**
 * Keeps the rows on screen in place when others arrive above them: by scrolling as far as they moved, with room made
 * below where the list is too short to scroll. At the top, and while nobody touches the list, it just grows.
 */
function useSteadyRows(
  scroll: React.RefObject<HTMLDivElement | null>,
  touched: React.RefObject<number>,
  state: WorklistState,
): { above: number; spacer: number; showNew: () => void } {
  const [held, setHeld] = useState({ above: 0, spacer: 0 })
  const { version, by } = state.moved

  useLayoutEffect(() => {
    const list = scroll.current
    if (list === null || by === 0) return
    const isTouched = Date.now() - touched.current < STILL_MS
    if (list.scrollTop === 0 && !isTouched) return
    const wanted = list.scrollTop + by * ROW_PIXELS
    const short = wanted + list.clientHeight - list.scrollHeight
    if (short > 0) {
      const content = list.firstElementChild as HTMLElement
      content.style.height = `${content.offsetHeight + short}px`
    }
    list.scrollTop = wanted
    setHeld((before) => ({
      above: by > 0 ? before.above + by : before.above,
      spacer: before.spacer + Math.max(0, short),
    }))
    // `by` belongs to `version`: the same distance twice is two moves.
  }, [version, by, scroll, touched])

  const release = (): void => setHeld({ above: 0, spacer: 0 })
  useEffect(() => {
    const list = scroll.current
    if (list === null || held.above === 0) return
    const onScroll = (): void => {
      if (list.scrollTop === 0) release()
    }
    list.addEventListener('scroll', onScroll, { passive: true })
    return () => list.removeEventListener('scroll', onScroll)
  }, [scroll, held.above])

  return {
    ...held,
    showNew: () => {
      release()
      scroll.current?.scrollTo({ top: 0 })
    },
  }
}

function Head({ filters, onSort }: Pick<WorklistTableProps, 'filters' | 'onSort'>): ReactNode {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" aria-rowindex={1} className={styles.row}>
        {WORKLIST_COLUMNS.map((column) => (
          <HeadCell key={column.name} column={column} filters={filters} onSort={onSort} />
        ))}
      </div>
    </div>
  )
}

function HeadCell({
  column,
  filters,
  onSort,
}: Pick<WorklistTableProps, 'filters' | 'onSort'> & { column: WorklistColumn }): ReactNode {
  const { t } = useTexts()
  const { name, title, sort } = column
  const className = classNames(styles.cell, styles[name])
  if (sort === undefined) {
    const hidden = name === 'status' || name === 'thumbnail'
    return (
      <div role="columnheader" className={className}>
        <span className={hidden ? 'visually-hidden' : undefined}>{t(title)}</span>
      </div>
    )
  }
  const isSorted = (filters.sort ?? 'received') === sort.by
  const direction = isSorted ? (filters.direction ?? 'desc') : undefined
  const next = direction === undefined ? sort.first : direction === 'asc' ? 'desc' : 'asc'
  const Arrow = (direction ?? sort.first) === 'asc' ? ArrowUp : ArrowDown
  return (
    <div
      role="columnheader"
      aria-sort={direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
      className={className}
    >
      <button
        type="button"
        className={classNames(styles.sort, isSorted && styles.sorted)}
        onClick={() => onSort({ sort: sort.by, direction: next })}
      >
        {t(title)}
        <Arrow size={13} strokeWidth={2} aria-hidden="true" />
      </button>
    </div>
  )
}
