import { useEffect, useRef } from 'react'
import type { PlaneName } from '../../../core/volume/reformat-planes.ts'
import {
  distanceFrom,
  imagePointOf,
  placeOf,
  referenceLine,
  type PlacedImage,
} from '../../../core/measurements/reference-line.ts'
import type { ImagePoint } from '../../../core/measurements/shapes.ts'
import { dot3, type Vector3 } from '../../../core/measurements/space.ts'
import type { PaneLine } from '../../imaging/overlays/lines-layer.ts'
import type { PointOptions } from '../../imaging/viewport.ts'
import { computedIn, planeIn, seriesIn, type PaneContent } from '../pane-content.ts'
import type { Panes } from '../use-panes.ts'
import { nearestImage, placedImage } from './placed-image.ts'
import type { Reformats } from './use-reformats.ts'

/** Panes that show where they meet. */
export interface Places {
  /** A pane drew something: its line moves in the others. */
  drawn(pane: number): void
  pointsOf(pane: number): PointOptions
  /** All panes go to a place that another window pointed at. */
  goTo(frameOfReference: string, at: Vector3): void
  /** Images on the screens of other windows: where they cut through is drawn too. */
  setElsewhere(images: readonly PlacedImage[]): void
}

interface Room {
  readonly visible: readonly number[]
  readonly active: number
  readonly contents: readonly (PaneContent | undefined)[]
  readonly showLines: boolean
  /** The place that was pointed at is marked while the tool is in hand. */
  readonly isPointing: boolean
  /** The hand pointed at a place here. */
  onPointed(frameOfReference: string, at: Vector3): void
}

/** Told apart from marks, from each other, and on black and bone. */
export const PLANE_COLOURS: Readonly<Record<PlaneName, string>> = {
  axial: '#ff9e80',
  coronal: '#69db7c',
  sagittal: '#74c0fc',
}
const ACTIVE_COLOUR = '#5aa9ff'
const OTHER_COLOUR = '#a7b0bc'
/** A place this near to an image is on it. Millimetres. */
const ON_IMAGE = 2.5
/** Cosine between a line of sight and the normal of slices that it lies in. */
const EDGE_ON = 0.02

/** Reference lines between panes, and a place that all of them go to. */
export function usePlaces(panes: Panes, reformats: Reformats, room: Room): Places {
  const latest = useRef(room)
  const pointed = useRef<{ readonly frameOfReference: string; readonly at: Vector3 }>(undefined)
  const due = useRef(0)
  const elsewhere = useRef<readonly PlacedImage[]>([])

  const shownIn = (pane: number): PlacedImage | undefined => {
    const state = panes.handle(pane).state.current
    return state?.image === undefined || state.count === 0 ? undefined : placedImage(state.image)
  }

  function redraw(): void {
    due.current = 0
    const { visible, isPointing } = latest.current
    for (const pane of visible) {
      const image = shownIn(pane)
      const at = pointed.current
      const isHere =
        isPointing &&
        image !== undefined &&
        at !== undefined &&
        image.frameOfReference === at.frameOfReference
      const isOn = isHere && Math.abs(distanceFrom(image, at.at)) <= Math.max(ON_IMAGE, image.spacing[0])
      panes
        .handle(pane)
        .viewport.current?.showLines(linesOn(pane, image), isOn ? imagePointOf(image, at.at) : undefined)
    }
  }

  function linesOn(pane: number, image: PlacedImage | undefined): PaneLine[] {
    const { visible, active, contents, showLines } = latest.current
    if (image === undefined || !showLines) return []
    const others = elsewhere.current.flatMap((other, at): PaneLine[] => {
      const line = referenceLine(image, other)
      if (line === undefined) return []
      return [{ name: `elsewhere-${at}`, line, colour: OTHER_COLOUR, isStrong: at === 0, isMovable: false }]
    })
    const own = visible.flatMap((other): PaneLine[] => {
      // What is seen through and through lies in no one place.
      const isSolid = computedIn(contents[other]) !== 'projection'
      const cutting = other === pane || !isSolid ? undefined : shownIn(other)
      const line = cutting && referenceLine(image, cutting)
      if (line === undefined) return []
      const plane = planeIn(contents[other])
      // Beside planes through it a series says nothing that its plane does not.
      const hasPlanes = visible.some(
        (each) =>
          planeIn(contents[each]) !== undefined &&
          plane === undefined &&
          seriesIn(contents[each]) === seriesIn(contents[other]),
      )
      if (hasPlanes) return []
      const isMovable =
        plane !== undefined &&
        planeIn(contents[pane]) !== undefined &&
        seriesIn(contents[pane]) === seriesIn(contents[other])
      const colour =
        plane === undefined ? (other === active ? ACTIVE_COLOUR : OTHER_COLOUR) : PLANE_COLOURS[plane]
      return [
        { name: String(other), line, colour, isStrong: plane !== undefined || other === active, isMovable },
      ]
    })
    return [...others, ...own]
  }

  const askRedraw = (): void => {
    due.current ||= requestAnimationFrame(redraw)
  }

  function goIn(pane: number, frameOfReference: string, at: Vector3): void {
    const { images, viewport } = panes.handle(pane)
    if (computedIn(latest.current.contents[pane]) === 'projection') return
    const index = nearestImage(images.current, frameOfReference, at)
    if (index !== undefined) viewport.current?.goTo(index)
  }

  /** How deep it lies is not seen: only slices that the line of sight lies in go to it. */
  function pointThrough(pane: number, { frameOfReference, normal }: PlacedImage, at: Vector3): void {
    for (const other of latest.current.visible) {
      const image = other === pane ? undefined : shownIn(other)
      if (image !== undefined && Math.abs(dot3(image.normal, normal)) < EDGE_ON)
        goIn(other, frameOfReference, at)
    }
  }

  /** A hand that turns the planes of the others, round the place at which they meet. */
  function beginTurn(pane: number, from: ImagePoint): ((to: ImagePoint) => void) | undefined {
    const { contents } = latest.current
    const session = reformats.of(seriesIn(contents[pane]))
    const plane = planeIn(contents[pane])
    const image = shownIn(pane)
    if (session === undefined || plane === undefined || image === undefined) return undefined
    const centre = imagePointOf(image, session.place())
    const angleOf = ([x, y]: ImagePoint): number =>
      (Math.atan2((y - centre[1]) * image.spacing[1], (x - centre[0]) * image.spacing[0]) * 180) / Math.PI
    let before = angleOf(from)
    let wanted = before
    let frame = 0
    return (to) => {
      wanted = angleOf(to)
      frame ||= requestAnimationFrame(() => {
        frame = 0
        session.turn(plane, wanted - before)
        before = wanted
      })
    }
  }

  useEffect(() => {
    latest.current = room
    askRedraw()
  })
  useEffect(
    () => () => {
      cancelAnimationFrame(due.current)
      // Set again where the room is only shown anew.
      due.current = 0
    },
    [],
  )

  return {
    goTo(frameOfReference, at) {
      pointed.current = { frameOfReference, at }
      for (const pane of latest.current.visible) goIn(pane, frameOfReference, at)
      askRedraw()
    },
    setElsewhere(images) {
      elsewhere.current = images
      askRedraw()
    },
    drawn(pane) {
      const plane = planeIn(latest.current.contents[pane])
      const state = panes.handle(pane).state.current
      if (plane !== undefined && state?.image?.computed !== undefined && state.status === 'ready')
        reformats.of(seriesIn(latest.current.contents[pane]))?.scrolled(plane, state.index, state.image)
      askRedraw()
    },
    pointsOf: (pane) => ({
      onPlace(image, point) {
        const placed = placedImage(image)
        if (placed === undefined) return
        const at = placeOf(placed, point)
        if (computedIn(latest.current.contents[pane]) === 'projection') return pointThrough(pane, placed, at)
        pointed.current = { frameOfReference: placed.frameOfReference, at }
        for (const other of latest.current.visible)
          if (other !== pane) goIn(other, placed.frameOfReference, at)
        latest.current.onPointed(placed.frameOfReference, at)
        askRedraw()
      },
      onGrab(name, part, from) {
        if (part === 'end') return beginTurn(pane, from)
        return (to) => {
          const image = shownIn(pane)
          if (image !== undefined) goIn(Number(name), image.frameOfReference, placeOf(image, to))
        }
      },
    }),
  }
}
