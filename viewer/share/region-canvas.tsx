import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import type { Rectangle } from '../../core/contract/sharing.ts'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './regions.module.css'
import { moved, rectangleBetween, resized, type DrawnImage, type PlacedRegion } from './regions.ts'

interface RegionCanvasProps {
  readonly image: DrawnImage
  /** The address of its picture, drawn by the archive in square pixels. */
  readonly picture: string
  readonly regions: readonly PlacedRegion[]
  /** Black as they will be, without what shows that they can be changed. */
  readonly asResult: boolean
  /** How many were put there by the button: the last of them takes the focus, for the keys. */
  readonly added: number
  readonly onDraw: (rectangle: Rectangle) => void
  /** Undefined: it is removed. */
  readonly onChange: (region: PlacedRegion, rectangle: Rectangle | undefined) => void
}

interface Point {
  readonly x: number
  readonly y: number
}

interface Drag {
  readonly from: Point
  readonly to: Point
  /** Undefined: a new one is drawn. */
  readonly region: PlacedRegion | undefined
  readonly isResize: boolean
}

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}
/** What of the window's height a picture has at most. Hundredths. */
const HIGHEST = 60
/** Pixels of a step with the key for large ones. */
const LARGE_STEP = 10

/**
 * An image with regions over it. They are kept in pixels of the image itself: the layer over the picture has the image's own
 * coordinates, however large it is on the screen and whatever the shape of its pixels.
 */
export function RegionCanvas({
  image,
  picture,
  regions,
  asResult,
  added,
  onDraw,
  onChange,
}: RegionCanvasProps): ReactNode {
  const { t } = useTexts()
  const [drag, setDrag] = useState<Drag>()
  const [failed, setFailed] = useState<string>()
  const [shown, setShown] = useState<{ readonly picture: string; readonly ratio: number }>()
  const { rows, columns } = image
  const layer = useRef<SVGSVGElement>(null)
  useEffect(() => {
    if (added > 0) [...(layer.current?.querySelectorAll<SVGGElement>('[role=button]') ?? [])].at(-1)?.focus()
  }, [added])

  const pointOf = (event: PointerEvent<SVGElement>): Point => {
    const box = layer.current?.getBoundingClientRect()
    if (box === undefined) return { x: 0, y: 0 }
    return {
      x: ((event.clientX - box.left) / box.width) * columns,
      y: ((event.clientY - box.top) / box.height) * rows,
    }
  }
  const begin =
    (region: PlacedRegion | undefined, isResize = false) =>
    (event: PointerEvent<SVGElement>): void => {
      if (asResult || event.button !== 0) return
      event.stopPropagation()
      const at = pointOf(event)
      layer.current?.setPointerCapture(event.pointerId)
      setDrag({ from: at, to: at, region, isResize })
    }
  const result = drag === undefined ? undefined : dragged(drag, image)
  const end = (event: PointerEvent<SVGElement>): void => {
    setDrag(undefined)
    if (drag === undefined) return
    // Where it ends: the last move may not have been rendered yet.
    const [{ from, region }, to] = [drag, pointOf(event)]
    const ended = dragged({ ...drag, to }, image)
    if (region !== undefined) onChange(region, ended)
    // A click alone draws nothing.
    else if (Math.abs(to.x - from.x) >= 1 && Math.abs(to.y - from.y) >= 1) onDraw(ended)
  }
  const press =
    (region: PlacedRegion) =>
    (event: KeyboardEvent<SVGElement>): void => {
      const arrow = ARROWS[event.key]
      if (arrow === undefined && event.key !== 'Delete' && event.key !== 'Backspace') return
      event.preventDefault()
      event.stopPropagation()
      if (arrow === undefined) return onChange(region, undefined)
      const step = event.ctrlKey || event.metaKey ? LARGE_STEP : 1
      const by = { x: arrow.x * step, y: arrow.y * step }
      onChange(region, (event.shiftKey ? resized : moved)(region.rectangle, by, image))
    }
  const handle = Math.max(rows, columns) / 50

  return (
    <div className={styles.picture}>
      {failed === picture && (
        <p role="alert" className={styles.failed}>
          {t('deidentify.no-picture')}
        </p>
      )}
      {shown?.picture !== picture && failed !== picture && <p role="status">{t('deidentify.loading')}</p>}
      <div
        className={styles.frame}
        hidden={failed === picture}
        style={{ width: `min(100%, ${HIGHEST * (shown?.ratio ?? columns / rows)}vh)` }}
      >
        <img
          src={picture}
          alt=""
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setShown({ picture, ratio: naturalWidth / Math.max(1, naturalHeight) })
          }
          onError={() => setFailed(picture)}
        />
        <svg
          ref={layer}
          viewBox={`0 0 ${columns} ${rows}`}
          preserveAspectRatio="none"
          data-regions={regions.length}
          onPointerDown={begin(undefined)}
          onPointerMove={(event) => {
            if (drag !== undefined) setDrag({ ...drag, to: pointOf(event) })
          }}
          onPointerUp={end}
          onPointerCancel={() => setDrag(undefined)}
        >
          {regions.map((region, index) => {
            const isDragged = drag?.region?.entry === region.entry && drag.region.index === region.index
            const rectangle = isDragged && result !== undefined ? result : region.rectangle
            const { x, y, width, height } = rectangle
            if (asResult)
              return <rect key={index} className={styles.black} x={x} y={y} width={width} height={height} />
            return (
              <g
                key={index}
                role="button"
                tabIndex={0}
                className={styles.region}
                aria-label={t('deidentify.region-at', { number: index + 1, x, y, width, height })}
                aria-describedby="region-keys"
                onKeyDown={press(region)}
                onPointerDown={begin(region)}
              >
                <rect x={x} y={y} width={width} height={height} />
                <rect
                  className={styles.handle}
                  x={x + width - handle / 2}
                  y={y + height - handle / 2}
                  width={handle}
                  height={handle}
                  onPointerDown={begin(region, true)}
                />
              </g>
            )
          })}
          {drag?.region === undefined && result !== undefined && (
            <rect className={styles.drawn} {...result} />
          )}
        </svg>
      </div>
    </div>
  )
}

function dragged({ from, to, region, isResize }: Drag, image: DrawnImage): Rectangle {
  if (region === undefined) return rectangleBetween(from, to, image)
  const by = { x: Math.round(to.x - from.x), y: Math.round(to.y - from.y) }
  return (isResize ? resized : moved)(region.rectangle, by, image)
}
