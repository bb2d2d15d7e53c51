import type { z } from 'zod'
import type { AuditEntryView } from '../../core/contract/api.ts'

type Entry = z.infer<typeof AuditEntryView>

/** Of what comes in one stream; later is another time that it was done. Milliseconds. */
const LONGEST_GAP = 60_000

/**
 * Entries, the last first, with those that follow each other and tell of images of one study by one person in one way as
 * one, with how many images they were: a CT that was sent is a line, not a hundred. The exports have each by itself.
 */
export function foldedEntries(entries: readonly Entry[]): Entry[] {
  const folded: Entry[] = []
  let earliest = ''
  for (const entry of entries) {
    const before = folded.at(-1)
    const isMore =
      before !== undefined &&
      isOfImages(entry) &&
      sameOf(before) === sameOf(entry) &&
      Date.parse(earliest) - Date.parse(entry.occurredAt) <= LONGEST_GAP
    earliest = entry.occurredAt
    if (!isMore) folded.push(entry)
    else {
      const count = imagesOf(before) + imagesOf(entry)
      folded[folded.length - 1] = { ...before, detail: { ...before.detail, [nameOf(before)]: count } }
    }
  }
  return folded
}

const isOfImages = ({ event, detail }: Entry): boolean =>
  event === 'instances-transferred' && typeof (detail['count'] ?? detail['instances']) === 'number'

const nameOf = ({ detail }: Entry): string => (detail['count'] === undefined ? 'instances' : 'count')

const imagesOf = (entry: Entry): number => Number(entry.detail[nameOf(entry)])

/** What must be alike in entries that are one line. */
function sameOf({ event, outcome, person, address, studyInstanceUid, detail }: Entry): string {
  const others = Object.entries(detail).filter(([name]) => name !== 'count' && name !== 'instances')
  return JSON.stringify([event, outcome, person?.userId, address, studyInstanceUid, others])
}
