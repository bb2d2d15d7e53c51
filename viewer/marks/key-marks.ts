import type { KeyTitle } from '../../core/measurements/shapes.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { isOnFrame, type Mark } from './mark.ts'
import type { MarkStore } from './mark-store.ts'

/** One frame of an image, as marks name it. */
export type MarkedFrame = Pick<
  Mark,
  'studyInstanceUid' | 'seriesInstanceUid' | 'sopInstanceUid' | 'frameNumber'
>

const FIRST_TITLE: KeyTitle = '113000'

/** Makes a frame a key image of the draft, or takes it out again. Returns whether it is one now. */
export function toggleKeyImage(
  store: Pick<MarkStore, 'list' | 'put' | 'remove'>,
  frame: MarkedFrame,
): boolean {
  const known = store.list().filter((mark) => mark.geometry.kind === 'key' && isOnFrame(mark, frame))
  for (const { trackingUid } of known) store.remove(trackingUid)
  if (known.length > 0) return false
  store.put({
    ...frame,
    trackingUid: newUid(),
    label: '',
    geometry: { kind: 'key', title: FIRST_TITLE },
    calibration: { kind: 'none', aspect: [1, 1] },
    values: [],
    hidden: false,
  })
  return true
}

/** For what a frame is a key image, by those that are not saved yet. */
export const keyTitlesOn = (
  marks: readonly Mark[],
  frame: Pick<MarkedFrame, 'sopInstanceUid' | 'frameNumber'>,
): KeyTitle[] =>
  marks.flatMap((mark) =>
    mark.geometry.kind === 'key' && isOnFrame(mark, frame) ? [mark.geometry.title] : [],
  )
