import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../errors.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { workerStopping } from './quiet-moment.ts'

/** Of the volume, what renditions leave to what arrives: a tenth of it, and never more than this. Bytes. */
const LARGEST_RESERVE = 20 * 2 ** 30
const LOOK_MS = 5_000

type Store = Pick<ObjectStore, 'room'>

/** How renditions fit the volume that they lie on. Units: bytes. */
export interface RenditionRoom {
  /** What is kept free of them. */
  readonly reserveBytes: number
  /** What they may still take; below zero when others took of the reserve. Infinity where there is no limit. */
  readonly spareBytes: number
}

export async function renditionRoom(objects: Store): Promise<RenditionRoom> {
  const room = await objects.room()
  if (room === undefined) return { reserveBytes: 0, spareBytes: Infinity }
  const reserveBytes = Math.min(room.allBytes / 10, LARGEST_RESERVE)
  return { reserveBytes, spareBytes: room.freeBytes - reserveBytes }
}

/** Resolves when there is room. Errors: 'unavailable' code 'worker-stopping' when the signal aborts. */
export async function untilThereIsRoom(objects: Store, signal: AbortSignal): Promise<void> {
  while ((await renditionRoom(objects)).spareBytes <= 0) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) throw workerStopping()
  }
}

/** Errors: 'unavailable' code 'renditions-without-room' when the room is gone: what was begun is given up. */
export async function requireRoom(objects: Store): Promise<void> {
  if ((await renditionRoom(objects)).spareBytes > 0) return
  throw unavailable(
    'renditions-without-room',
    'Renditions wait until the disk of the object store has more room. Make some.',
  )
}
