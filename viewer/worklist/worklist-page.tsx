import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { SearchX, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import type { WorklistStudy } from '../../core/contract/api.ts'
import { EmergencyOffer } from '../emergency/emergency-offer.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, useTextsStore, WithTexts } from '../locales/texts-context.tsx'
import { fetchReadingRoomAhead } from '../shell/load-reading-room.ts'
import { Button } from '../ui/button.tsx'
import { useKeyboard } from '../ui/keyboard.tsx'
import { Notice } from '../ui/notice.tsx'
import { EmptyArchive } from './empty-archive.tsx'
import { keepReadingList } from './reading-list.ts'
import { useWorklist } from './use-worklist.ts'
import { isFiltered, withFilters, type WorklistFilters } from './worklist-filters.ts'
import { worklistKeys, type ListMove } from './worklist-keys.ts'
import styles from './worklist-page.module.css'
import { WorklistTable } from './worklist-table.tsx'
import { WorklistToolbar } from './worklist-toolbar.tsx'

const StudyPreview = lazy(() =>
  import('./study-preview.tsx').then((module) => ({ default: module.StudyPreview })),
)

const PAGE_ROWS = 20
/** Long enough for the list itself to be there first. */
const PREFETCH_MS = 2000

export function WorklistPage(): ReactNode {
  return (
    <WithTexts areas={['worklist']}>
      <Worklist />
    </WithTexts>
  )
}

/** The studies somebody may read: what the day begins with. */
function Worklist(): ReactNode {
  const { t } = useTexts()
  const texts = useTextsStore()
  const filters = useSearch({ from: '/framed/' })
  const navigate = useNavigate()
  const router = useRouter()
  const { state, store, isLive, isStale } = useWorklist(filters)
  const [selected, setSelected] = useState<{ readonly studyId: string; readonly index: number }>()
  const [previewing, setPreviewing] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const selectedIndex = indexOf(state.rows, selected)
  const selectedStudy = selectedIndex === undefined ? undefined : state.rows.get(selectedIndex)

  useEffect(() => {
    document.title = `${t('worklist.title')} · Yunying 云影`
  }, [t])
  useEffect(() => {
    const timer = setTimeout(() => fetchReadingRoomAhead(texts), PREFETCH_MS)
    return () => clearTimeout(timer)
  }, [texts])

  // A study that is opened from here is read as one of these.
  useEffect(() => keepReadingList(state.rows), [state.rows])

  const change = (next: WorklistFilters): void => {
    setSelected(undefined)
    void navigate({ to: '/', search: next, replace: true })
  }
  const open = useCallback(
    (study: WorklistStudy): void => {
      void router.navigate({
        to: '/studies/$studyInstanceUid',
        params: { studyInstanceUid: study.studyInstanceUid },
      })
    },
    [router],
  )
  const preview = useCallback((index: number, study: WorklistStudy): void => {
    setSelected({ studyId: study.studyId, index })
    setPreviewing(true)
  }, [])
  const hover = useCallback((): void => fetchReadingRoomAhead(texts), [texts])

  const move = (how: ListMove): void => {
    const next = moved(selectedIndex, how, state.total)
    const study = next === undefined ? undefined : state.rows.get(next)
    if (next === undefined) return
    // A row that is still loading takes the selection by its place; it has no name yet.
    setSelected({ studyId: study?.studyId ?? '', index: next })
  }
  const openSelected = (): void => {
    if (selectedStudy !== undefined) open(selectedStudy)
  }

  useKeyboard(
    worklistKeys({
      move,
      open: openSelected,
      togglePreview: () => {
        if (selectedStudy === undefined) move('next')
        setPreviewing(selectedStudy === undefined || !previewing)
      },
      closePreview: () => setPreviewing(false),
      search: () => {
        searchField.current?.focus()
        searchField.current?.select()
      },
    }),
  )

  const isEmpty = state.loaded && state.total === 0
  if (isEmpty && !isFiltered(filters)) return <EmptyArchive />
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t('worklist.title')}</h1>
      <WorklistToolbar
        filters={filters}
        onChange={change}
        modalities={state.modalities}
        total={state.loaded ? state.total : undefined}
        totalIsExact={state.totalIsExact}
        isLive={isLive}
        searchField={searchField}
        onLeaveSearch={(to) => {
          searchField.current?.blur()
          if (to === 'open' && state.total === 1) {
            const only = state.rows.get(0)
            if (only !== undefined) open(only)
          } else move('first')
        }}
      />
      <div className={styles.split}>
        <div className={styles.table}>
          <WorklistTable
            state={state}
            store={store}
            stale={isStale}
            filters={filters}
            selectedIndex={selectedIndex}
            onSort={(sort) => change(withFilters(filters, sort))}
            onOpen={open}
            onPreview={preview}
            onHover={hover}
          />
          {isEmpty && (
            <div className={styles.notice}>
              <Notice
                icon={<SearchX size={26} strokeWidth={1.5} />}
                title={t('worklist.none.title')}
                text={t('worklist.none.text')}
                action={
                  <>
                    <Button onClick={() => change({})}>{t('worklist.clear')}</Button>
                    {filters.q !== undefined && <EmergencyOffer typed={filters.q} />}
                  </>
                }
              />
            </div>
          )}
          {!state.loaded && state.failure !== undefined && (
            <div className={styles.notice}>
              <Notice
                tone="danger"
                icon={<TriangleAlert size={26} strokeWidth={1.5} />}
                title={t('worklist.failed.title')}
                text={errorText(t, state.failure)}
                action={
                  <Button kind="primary" onClick={() => store.refresh()}>
                    {t('shell.try-again')}
                  </Button>
                }
              />
            </div>
          )}
        </div>
        {previewing && selectedStudy !== undefined && (
          <Suspense>
            <StudyPreview study={selectedStudy} onClose={() => setPreviewing(false)} />
          </Suspense>
        )}
      </div>
    </div>
  )
}

/** The selection is a study, not a place: it stays with its row when others arrive. */
function indexOf(
  rows: ReadonlyMap<number, WorklistStudy>,
  selected: { studyId: string; index: number } | undefined,
): number | undefined {
  if (selected === undefined) return undefined
  if (selected.studyId === '' || rows.get(selected.index)?.studyId === selected.studyId) return selected.index
  for (const [index, study] of rows) if (study.studyId === selected.studyId) return index
  return undefined
}

function moved(from: number | undefined, how: ListMove, total: number): number | undefined {
  if (total === 0) return undefined
  const last = total - 1
  if (how === 'first') return 0
  if (how === 'last') return last
  if (from === undefined) return how === 'previous' || how === 'page-up' ? last : 0
  const step = { next: 1, previous: -1, 'page-down': PAGE_ROWS, 'page-up': -PAGE_ROWS }[how]
  return Math.min(last, Math.max(0, from + step))
}
