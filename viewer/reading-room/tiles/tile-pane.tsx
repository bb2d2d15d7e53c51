import { useEffect, useRef, useState, type ComponentProps, type ReactNode } from 'react'
import type { ViewportState } from '../../imaging/viewport.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { ImagePane } from '../image-pane.tsx'
import type { Layout } from '../pane-layout.ts'
import { seriesOf } from '../series-of.ts'
import { firstOfPage, firstWith } from './tile-page.ts'
import { tiledViewport, type Tile } from './tiled-viewport.ts'
import styles from './tiles.module.css'

type TilePaneProps = ComponentProps<typeof ImagePane> & { readonly layout: Layout }

/** Images of one series one after the other, scrolled by rows and looked at alike. The tile in hand is the pane's for every key. */
export function TilePane({ layout, ...pane }: TilePaneProps): ReactNode {
  const { t } = useTexts()
  const { images, place, viewport, onState, points } = pane
  const page = { tiles: Math.min(layout.rows * layout.columns, images.length), count: images.length }
  const [first] = useState(() => firstOfPage(place?.index ?? 0, page))
  const [active, setActive] = useState(0)
  const [large, setLarge] = useState<number>()
  const now = useRef({ first, active, page, onState })
  const tiles = useRef<Tile[]>([])
  /** Of the image that is large. */
  const shown = useRef<number>(undefined)
  const choice = useRef(place?.choice ?? { window: undefined, turnedOver: false })

  const tileAt = (at: number): Tile =>
    (tiles.current[at] ??= { viewport: { current: undefined }, state: undefined })

  function goTo(next: number): void {
    now.current.first = firstOfPage(next, now.current.page)
    for (let at = 0; at < now.current.page.tiles; at++)
      tileAt(at).viewport.current?.goTo(now.current.first + at)
  }
  const step = (by: number): void => goTo(now.current.first + by * layout.columns)

  /** The pane's commands go to the tile in hand, or to all of them. */
  function take(at: number): void {
    const before = tileAt(now.current.active)
    const tile = tileAt(at)
    if (at !== now.current.active) before.viewport.current?.showLines([], undefined)
    now.current.active = at
    setActive(at)
    const lead = tile.viewport.current
    if (lead === undefined) return
    viewport.current = tiledViewport(lead, () => tiles.current.slice(0, now.current.page.tiles), {
      step,
      goTo: (index) => goTo(firstWith(index, now.current.active, now.current.page)),
    })
    if (tile.state !== undefined) now.current.onState(tile.state)
  }

  function changed(at: number, state: ViewportState): void {
    const tile = tileAt(at)
    tile.state = state
    if (at !== now.current.active) return
    if (viewport.current === undefined) return take(at)
    lookAlike(tile, state)
    now.current.onState(state)
  }

  function lookAlike(lead: Tile, state: ViewportState): void {
    if (state.status !== 'ready') return
    choice.current = state.choice
    const middle = lead.viewport.current?.middle()
    for (const other of tiles.current.slice(0, now.current.page.tiles)) {
      if (other === lead || other.state?.status !== 'ready') continue
      if (!isSameChoice(other.state.choice, state.choice)) other.viewport.current?.choose(state.choice)
      if (middle !== undefined) other.viewport.current?.showMiddle(middle)
    }
  }

  useEffect(() => {
    now.current = { ...now.current, page, onState }
  })
  useEffect(
    () => () => {
      viewport.current = undefined
    },
    [viewport],
  )

  const [sample] = images
  if (sample === undefined) return <section />
  const startAt = (index: number) => ({
    seriesInstanceUid: seriesOf(sample),
    index,
    choice: choice.current,
  })
  if (large !== undefined)
    return (
      <div
        className={styles.large}
        onDoubleClick={(event) => {
          event.stopPropagation()
          now.current.first = firstWith(shown.current ?? large, active, page)
          viewport.current = undefined
          tiles.current = []
          setLarge(undefined)
        }}
      >
        <ImagePane
          key="large"
          {...pane}
          place={startAt(large)}
          onState={(state) => {
            shown.current = state.index
            choice.current = state.choice
            onState(state)
          }}
        />
      </div>
    )
  return (
    <div
      className={styles.tiles}
      style={{
        gridTemplate: `repeat(${layout.rows}, minmax(0, 1fr)) / repeat(${layout.columns}, minmax(0, 1fr))`,
      }}
    >
      {Array.from({ length: page.tiles }, (_, at) => (
        <div
          key={at}
          role="group"
          aria-label={t('windows.tile-number', { number: at + 1 })}
          data-tile={at}
          className={classNames(styles.tile, at === active && styles.active)}
          onPointerDownCapture={() => {
            if (now.current.active !== at) take(at)
          }}
          onDoubleClick={(event) => {
            event.stopPropagation()
            shown.current = undefined
            viewport.current = undefined
            setLarge(now.current.first + at)
          }}
        >
          <ImagePane
            {...pane}
            viewport={tileAt(at).viewport}
            place={startAt(now.current.first + at)}
            points={{ ...points, onSteps: step }}
            corners={cornersOf(at, layout)}
            onState={(state) => changed(at, state)}
          />
        </div>
      ))}
    </div>
  )
}

/** The corners of the pane are in the tiles that stand there. */
function cornersOf(
  at: number,
  { rows, columns }: Layout,
): NonNullable<ComponentProps<typeof ImagePane>['corners']> {
  const last = rows * columns - 1
  return [
    ...(at === 0 ? (['patient'] as const) : []),
    ...(at === columns - 1 ? (['study'] as const) : []),
    ...(at === last - columns + 1 ? (['foot'] as const) : []),
    ...(at === last ? (['look'] as const) : []),
  ]
}

const isSameChoice = (a: ViewportState['choice'], b: ViewportState['choice']): boolean =>
  a === b ||
  (a.turnedOver === b.turnedOver &&
    a.window?.center === b.window?.center &&
    a.window?.width === b.window?.width &&
    a.window?.function === b.window?.function)
