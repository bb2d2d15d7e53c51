import type { WorklistStudy } from '../../core/contract/api.ts'

/** Study Instance UIDs by their places in the list that a reader saw last, where they are known; nothing of a patient. */
let places: ReadonlyMap<number, string> = new Map()

/** The list as it stands on the page: what is opened from it is read in its order. */
export function keepReadingList(rows: ReadonlyMap<number, Pick<WorklistStudy, 'studyInstanceUid'>>): void {
  places = new Map([...rows].map(([place, { studyInstanceUid }]) => [place, studyInstanceUid]))
}

/** The study after another, or before it; undefined: that one is not of the list, or its neighbour is not known. */
export function besideInList(studyInstanceUid: string, by: 1 | -1): string | undefined {
  for (const [place, uid] of places) if (uid === studyInstanceUid) return places.get(place + by)
  return undefined
}
