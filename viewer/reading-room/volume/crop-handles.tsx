import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { times3 } from '../../../core/measurements/space.ts'
import {
  BOX_EDGES,
  cornersOf,
  CROP_FACES,
  cropped,
  faceOf,
  shareOfDrag,
  type CropFace,
} from '../../../core/volume/crop-box.ts'
import { pixelOf, projected } from '../../../core/volume/view-camera.ts'
import { letters } from '../../imaging/orientation.ts'
import type { VolumeLooks } from '../../imaging/volume/volume-look.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import styles from './crop-box.module.css'

/** By a key, of a side; with Shift. */
const [STEP, LEAP] = [0.01, 0.05]
const OUTWARD = ['ArrowUp', 'ArrowRight']
const INWARD = ['ArrowDown', 'ArrowLeft']

/** The crop box over a volume: a face is taken by its handle, or moved by the arrow keys. Drawn without rendering. */
export function CropHandles({ looks }: { looks: VolumeLooks }): ReactNode {
  const { t } = useTexts()
  const layer = useRef<HTMLDivElement>(null)
  const lines = useRef<(SVGLineElement | null)[]>([])
  const handles = useRef<(HTMLButtonElement | null)[]>([])
  const drag = useRef<{ readonly share: number; readonly at: readonly [number, number] }>(undefined)
  const { grid } = looks.volume

  useEffect(() => {
    const element = layer.current
    if (element === null) return
    const draw = (): void => {
      const { camera, crop } = looks.now()
      const { clientWidth: width, clientHeight: height } = element
      const corners = cornersOf(grid, crop).map((corner) => projected(camera, corner, width, height))
      for (const [index, [from, to]] of BOX_EDGES.entries()) {
        const [line, [x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = [
          lines.current[index],
          corners[from],
          corners[to],
        ]
        for (const [name, value] of Object.entries({ x1, y1, x2, y2 }))
          line?.setAttribute(name, String(value))
      }
      for (const [index, face] of CROP_FACES.entries()) {
        const [x, y] = projected(camera, faceOf(grid, crop, face).at, width, height)
        const handle = handles.current[index]
        if (handle) {
          handle.style.translate = `${x}px ${y}px`
          handle.setAttribute('aria-valuenow', String(Math.round(crop[face.end][face.axis] * 100)))
        }
      }
    }
    draw()
    const observer = new ResizeObserver(draw)
    observer.observe(element)
    const unsubscribe = looks.subscribe(draw)
    return () => {
      observer.disconnect()
      unsubscribe()
    }
  }, [looks, grid])

  const move = (face: CropFace, share: number): void =>
    looks.change({ crop: cropped(looks.now().crop, face, share) })

  function pressed(face: CropFace, event: KeyboardEvent): void {
    const way = OUTWARD.includes(event.key) ? 1 : INWARD.includes(event.key) ? -1 : 0
    if (way === 0) return
    // Else it would turn the volume.
    event.preventDefault()
    event.stopPropagation()
    const by = (event.shiftKey ? LEAP : STEP) * way * (face.end === 'to' ? 1 : -1)
    move(face, looks.now().crop[face.end][face.axis] + by)
  }

  function dragged(face: CropFace, event: PointerEvent): void {
    const from = drag.current
    const element = layer.current
    if (from === undefined || element === null) return
    const { camera, crop } = looks.now()
    const pixel = pixelOf(camera, element.clientWidth, element.clientHeight)
    const { side } = faceOf(grid, crop, face)
    const by = shareOfDrag(side, camera, [
      (event.clientX - from.at[0]) * pixel,
      (event.clientY - from.at[1]) * pixel,
    ])
    move(face, from.share + by)
  }

  return (
    <div ref={layer} className={styles.layer}>
      <svg className={styles.lines} aria-hidden>
        {BOX_EDGES.map((_, index) => (
          <line key={index} ref={(line) => void (lines.current[index] = line)} />
        ))}
      </svg>
      {CROP_FACES.map((face, index) => {
        const { side } = faceOf(grid, looks.now().crop, face)
        const towards = letters(times3(side, (face.end === 'to' ? 1 : -1) / Math.hypot(...side)))
        return (
          <button
            key={index}
            ref={(button) => void (handles.current[index] = button)}
            type="button"
            role="slider"
            className={styles.handle}
            aria-label={t('volume.crop-face', { side: towards })}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={0}
            onKeyDown={(event) => pressed(face, event)}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId)
              const share = looks.now().crop[face.end][face.axis]
              drag.current = { share, at: [event.clientX, event.clientY] }
            }}
            onPointerMove={(event) => dragged(face, event)}
            onPointerUp={() => void (drag.current = undefined)}
            onPointerCancel={() => void (drag.current = undefined)}
            onDoubleClick={(event) => event.stopPropagation()}
          >
            <span aria-hidden>{towards}</span>
          </button>
        )
      })}
    </div>
  )
}
