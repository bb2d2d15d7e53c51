/** Studies of which the viewer itself shows something: no picture stands in for them any longer. */
const over = new Set<string>()
const listeners = new Set<() => void>()

export function subscribeToPicture(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const isPictureOver = (studyInstanceUid: string): boolean => over.has(studyInstanceUid)

/** The study is shown by the viewer now, or otherwise than its picture. */
export function endPicture(studyInstanceUid: string): void {
  if (over.has(studyInstanceUid)) return
  over.add(studyInstanceUid)
  for (const listener of listeners) listener()
}

/** Studies are left: when one is opened again, its picture may stand in again. */
export const forgetPictures = (): void => over.clear()
