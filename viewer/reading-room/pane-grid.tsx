import { useState, type DragEvent, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './pane-grid.module.css'
import { paneCount, visiblePanes, type Arrangement } from './pane-layout.ts'
import { useTallPhone } from './small-screen.ts'
import { draggedSeries, isSeriesDrag } from './series-drag.ts'

interface PaneGridProps {
  readonly arrangement: Arrangement
  readonly onActivate: (pane: number) => void
  readonly onMaximise: (pane: number) => void
  readonly onDropSeries: (pane: number, seriesInstanceUid: string) => void
  readonly children: (pane: number) => ReactNode
}

/** The panes in rows and columns. The active one has a ring; a series dropped on one is shown there. */
export function PaneGrid({
  arrangement,
  onActivate,
  onMaximise,
  onDropSeries,
  children,
}: PaneGridProps): ReactNode {
  const { t } = useTexts()
  const [target, setTarget] = useState<number>()
  const { layout, active, maximised } = arrangement
  const isTall = useTallPhone()
  // Side by side, two images would have a third of a narrow screen.
  const isTurned = isTall && layout.columns > layout.rows
  const turned = isTurned ? { rows: layout.columns, columns: layout.rows } : layout
  const shown = maximised ? { rows: 1, columns: 1 } : turned
  const several = paneCount(layout) > 1
  return (
    <div
      className={styles.grid}
      style={{
        gridTemplate: `repeat(${shown.rows}, minmax(0, 1fr)) / repeat(${shown.columns}, minmax(0, 1fr))`,
      }}
    >
      {visiblePanes(arrangement).map((pane) => (
        <div
          key={pane}
          role="group"
          aria-label={t('reading.pane-number', { number: pane + 1 })}
          aria-current={several && pane === active}
          data-pane={pane}
          className={classNames(
            styles.pane,
            several && pane === active && styles.active,
            pane === target && styles.target,
          )}
          onPointerDownCapture={() => onActivate(pane)}
          onDoubleClick={() => onMaximise(pane)}
          onDragOver={(event: DragEvent) => {
            if (!isSeriesDrag(event.dataTransfer)) return
            event.preventDefault()
            event.dataTransfer.dropEffect = 'copy'
            setTarget(pane)
          }}
          onDragLeave={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setTarget(undefined)
          }}
          onDrop={(event) => {
            const uid = draggedSeries(event.dataTransfer)
            if (uid === undefined) return
            event.preventDefault()
            event.stopPropagation()
            setTarget(undefined)
            onDropSeries(pane, uid)
          }}
        >
          {children(pane)}
        </div>
      ))}
    </div>
  )
}
