import { LayoutGrid } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { IconButton } from '../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './layout-picker.module.css'
import { MOST_COLUMNS, MOST_ROWS, type Layout } from './pane-layout.ts'

interface LayoutPickerProps {
  readonly layout: Layout
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onChoose: (layout: Layout) => void
  /** Images of one series in the active pane; undefined: it shows none. */
  readonly tiles?: { readonly layout: Layout; readonly onChoose: (layout: Layout) => void } | undefined
}

/** A grid of cells: the last one pointed at is the far corner of the layout. Arrows and Enter do the same; so do two digits: X 2 2. */
export function LayoutPicker({ layout, open, onOpenChange, onChoose, tiles }: LayoutPickerProps): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const [marked, setMarked] = useState(layout)
  const [isTiles, setIsTiles] = useState(false)
  /** It is opened for tiles. */
  const wantsTiles = useRef(false)
  const digit = useRef<number>(undefined)

  function show(forTiles: boolean): void {
    setIsTiles(forTiles)
    setMarked(forTiles && tiles !== undefined ? tiles.layout : layout)
    digit.current = undefined
  }

  useEffect(() => {
    if (!open) return
    show(wantsTiles.current)
    wantsTiles.current = false
    // Not when the room is drawn again: between two digits images keep arriving.
  }, [open])

  function choose(chosen: Layout): void {
    onOpenChange(false)
    if (isTiles) tiles?.onChoose(chosen)
    else onChoose(chosen)
  }

  function type(number: number): void {
    if (digit.current !== undefined) return choose({ rows: digit.current, columns: number })
    digit.current = number
    setMarked({ rows: number, columns: 1 })
  }

  // A quick hand types the digits before the cells are there to take them.
  useKeyboard(
    open
      ? [1, 2, 3, 4].map((number) => ({
          id: `reading.layout-digit-${number}`,
          fixed: true as const,
          code: `Digit${number}`,
          shown: String(number),
          text: 'reading.layout',
          group: 'reading.group-panes',
          run: () => type(number),
        }))
      : tiles === undefined
        ? []
        : [
            {
              code: 'KeyR',
              shift: true,
              shown: '⇧R',
              text: 'windows.tiles',
              group: 'reading.group-panes',
              run: () => {
                wantsTiles.current = true
                onOpenChange(true)
              },
            },
          ],
  )

  function onKeyDown(event: KeyboardEvent): void {
    const number = /^Digit([1-4])$/.exec(event.code)?.[1]
    if (number !== undefined) type(Number(number))
    else if (event.code === 'Enter') choose(marked)
    else if (event.code === 'KeyR' && tiles !== undefined) show(!isTiles)
    else {
      const step = STEPS[event.code]
      if (step === undefined) return
      setMarked(({ rows, columns }) => ({
        rows: Math.max(1, Math.min(MOST_ROWS, rows + step.rows)),
        columns: Math.max(1, Math.min(MOST_COLUMNS, columns + step.columns)),
      }))
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Tooltip text={t('reading.layout')} shownKey={keyOf('reading.layout')}>
        <Popover.Trigger asChild>
          <IconButton label={t('reading.layout')}>
            <LayoutGrid size={18} strokeWidth={1.75} />
          </IconButton>
        </Popover.Trigger>
      </Tooltip>
      <Popover.Portal>
        <Popover.Content
          className={styles.picker}
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('reading.layout')}
          onCloseAutoFocus={(event) => {
            // The keys are the image's again: on the button, Enter would open this once more.
            event.preventDefault()
            if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
          }}
          onKeyDown={onKeyDown}
        >
          {tiles !== undefined && (
            <div className={styles.kinds} role="group" aria-label={t('windows.layout-kind')}>
              {[false, true].map((each) => (
                <button
                  key={String(each)}
                  type="button"
                  tabIndex={-1}
                  className={classNames(styles.kind, each === isTiles && styles.chosenKind)}
                  aria-pressed={each === isTiles}
                  onClick={() => show(each)}
                >
                  {t(each ? 'windows.tiles-short' : 'windows.panes-short')}
                </button>
              ))}
            </div>
          )}
          <div className={styles.cells}>
            {Array.from({ length: MOST_ROWS * MOST_COLUMNS }, (_, at) => {
              const cell = { rows: Math.floor(at / MOST_COLUMNS) + 1, columns: (at % MOST_COLUMNS) + 1 }
              const inside = cell.rows <= marked.rows && cell.columns <= marked.columns
              return (
                <button
                  key={at}
                  type="button"
                  tabIndex={-1}
                  className={classNames(styles.cell, inside && styles.inside)}
                  aria-label={t(isTiles ? 'windows.tiles-cells' : 'reading.layout-cells', cell)}
                  onPointerEnter={() => setMarked(cell)}
                  onClick={() => choose(cell)}
                />
              )
            })}
          </div>
          <div className={styles.says} role="status" tabIndex={0}>
            {t(isTiles ? 'windows.tiles-cells' : 'reading.layout-cells', { ...marked })}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const STEPS: Readonly<Record<string, { rows: number; columns: number }>> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
}
