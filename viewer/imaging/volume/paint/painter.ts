import { STEPS } from '../../../../core/volume/render-scene.ts'
import type { PaintOrder, PictureAnswer } from '../volume-messages.ts'
import { CardLost, type Brush } from './brush.ts'

/** Paints what views want, the newest wish only, and lets other messages in between. */
export interface Painter {
  order(view: number, order: PaintOrder | undefined): void
  changed(slices: readonly number[]): void
}

/** A picture under a hand takes so long, a part of a picture so long. Milliseconds. */
const MOVING: Readonly<Record<Brush['paintedBy'], number>> = { card: 30, processor: 120 }
const PART = 40
/** Under a hand, pictures are smaller by at most this factor. */
const COARSEST = 8
/** What arrives is shown so often, and finely when nothing has for as long. Milliseconds. */
const SHOWN_EVERY = 600
/** A card that is lost so often is not asked again. */
const LOST_MOST = 3
/** A card that was just lost needs a moment. Milliseconds. */
const AFTER_LOSS = 300

interface View {
  order: PaintOrder
  /** Since it was last painted it, or the volume, has changed. */
  isStale: boolean
}

/**
 * @param openCard undefined: there is no card, or it takes no such volume. Errors: CardLost
 * @param openProcessor where there is no card
 */
export function openPainter(
  openCard: () => Brush | undefined,
  openProcessor: () => Brush,
  post: (picture: PictureAnswer) => void,
): Painter {
  const views = new Map<number, View>()
  let brush: Brush | undefined
  let lost = 0
  let isRunning = false
  /** Milliseconds a pixel, of what was painted last at each fineness. */
  const cost = { moving: 0, still: 0 }
  /** Runs while slices arrive. */
  let growing: ReturnType<typeof setTimeout> | undefined
  let arrived = 0

  function look(): void {
    growing = arrived > 0 && views.size > 0 ? setTimeout(look, SHOWN_EVERY) : undefined
    arrived = 0
    for (const view of views.values()) view.isStale = true
    start()
  }

  function open(): Brush {
    while (lost < LOST_MOST) {
      try {
        return openCard() ?? openProcessor()
      } catch (error) {
        // A card that cannot do it at all is not asked twice.
        lost = error instanceof CardLost ? lost + 1 : LOST_MOST
      }
    }
    return openProcessor()
  }

  /** What cannot be painted at all is the worker's fault, and is said as such. */
  function start(): void {
    run().catch((error: unknown) =>
      setTimeout(() => {
        throw error
      }),
    )
  }

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      for (let next = stale(); next !== undefined; next = stale()) {
        const [id, view] = next
        view.isStale = false
        try {
          await paint(id, view)
        } catch (error) {
          if (brush?.paintedBy !== 'card') throw error
          view.isStale = true
          lost = error instanceof CardLost ? lost + 1 : LOST_MOST
          brush = undefined
          await pause(AFTER_LOSS)
        }
      }
    } finally {
      isRunning = false
    }
    if (views.size === 0) {
      brush?.close()
      brush = undefined
    }
  }

  const stale = (): [number, View] | undefined => [...views].find(([, { isStale }]) => isStale)

  /** Coarse first where fine would take long, fine only when nothing moves. */
  async function paint(id: number, view: View): Promise<void> {
    brush ??= open()
    const own = brush
    const { order } = view
    const { width, height } = order
    const isCurrent = (): boolean => views.get(id) === view && view.order === order && !view.isStale
    const target = MOVING[own.paintedBy]
    const factor = Math.max(
      1,
      Math.min(COARSEST, Math.ceil(Math.sqrt((costOf(own, 'moving') * width * height) / target))),
    )
    const isQuick = costOf(own, 'still') * width * height < target
    if (order.isMoving || growing !== undefined || !isQuick)
      await picture(own, id, order, factor, 'moving', () => views.get(id) === view)
    if (!order.isMoving && growing === undefined && isCurrent())
      await picture(own, id, order, 1, 'still', isCurrent)
  }

  /** Of which nothing is known yet: a processor's guess, or a card's. */
  const costOf = (own: Brush, fineness: keyof typeof cost): number =>
    cost[fineness] || (own.paintedBy === 'card' ? 1e-4 : 4e-3)

  async function picture(
    own: Brush,
    id: number,
    order: PaintOrder,
    factor: number,
    fineness: keyof typeof cost,
    isWanted: () => boolean,
  ): Promise<void> {
    const width = Math.max(1, Math.round(order.width / factor))
    const height = Math.max(1, Math.round(order.height / factor))
    const stroke = own.begin(order.scene, { width, height }, STEPS[own.paintedBy][fineness])
    const start = performance.now()
    let rows = partOf(height, PART / (costOf(own, fineness) * width))
    for (let row = 0; row < height;) {
      const before = performance.now()
      const to = Math.min(height, row + rows)
      await stroke.paint(row, to)
      const took = Math.max(0.1, performance.now() - before)
      rows = partOf(height, Math.min(rows * 2, ((to - row) * PART) / took))
      row = to
      if (row < height) await pause(0)
      if (!isWanted()) return
    }
    cost[fineness] = (performance.now() - start) / (width * height)
    post({
      kind: 'picture',
      view: id,
      serial: order.serial,
      picture: stroke.finish(),
      isFine: fineness === 'still',
      paintedBy: own.paintedBy,
      shrink: own.shrink,
    })
  }

  return {
    order(id, order) {
      if (order === undefined) views.delete(id)
      else {
        const view = views.get(id)
        if (view === undefined) views.set(id, { order, isStale: true })
        else {
          view.order = order
          view.isStale = true
        }
      }
      // After the messages that wait already: of several wishes the last counts.
      void pause(0).then(start)
    },
    changed(slices) {
      brush?.changed(slices)
      arrived += slices.length
      if (views.size > 0) growing ??= setTimeout(look, SHOWN_EVERY)
    },
  }
}

const partOf = (height: number, rows: number): number => Math.max(1, Math.min(height, Math.floor(rows)))

/** Lets the messages that wait be heard; of 0 milliseconds without the delay that browsers give to timers. */
function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) return new Promise((resolve) => setTimeout(resolve, milliseconds))
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
