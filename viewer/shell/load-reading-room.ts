/** Fetches the reading room and its imaging code; from the worklist ahead of time, so that a study opens at once. */
export const loadReadingRoom = () => import('../reading-room/reading-room-page.tsx')
