import type { Texts } from '../locales/texts.ts'
import { READING_AREAS } from './reading-areas.ts'

/** The code a study is read with. */
export type ReadingRoom = Awaited<ReturnType<typeof loadCode>>

let code: ReadingRoom | undefined
let isAhead = false

async function loadCode() {
  const [{ ReadingRoomPage }, { QueriesProvider }] = await Promise.all([
    import('../reading-room/reading-room-page.tsx'),
    import('../client/queries-provider.tsx'),
  ])
  return { ReadingRoomPage, QueriesProvider }
}

/** All that a study is read with, its sentences included: everything at once, since a far server makes one wait for each turn. */
export async function loadReadingRoom(texts: Texts): Promise<ReadingRoom> {
  const [loaded] = await Promise.all([loadCode(), texts.loadAreas(...READING_AREAS)])
  code = loaded
  return loaded
}

/** The reading room where it is here already. */
export const loadedReadingRoom = (): ReadingRoom | undefined => code

/** What fetches and decodes frames, without the imaging library: it is there long before that. */
export const loadFrames = () => import('../imaging/frames/opening-frames.ts')

/** Fetches ahead all that opening a study will need, and starts what decodes frames, so that it opens at once. What cannot be had now is asked for then. */
export function fetchReadingRoomAhead(texts: Texts): void {
  if (isAhead) return
  isAhead = true
  Promise.all([loadReadingRoom(texts), loadFrames().then(({ prepareFrames }) => prepareFrames())]).catch(
    () => (isAhead = false),
  )
}
