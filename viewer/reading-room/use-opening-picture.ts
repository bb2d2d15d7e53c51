import { useEffect } from 'react'
import { knownOpening } from '../client/opening-packet.ts'
import { endPicture } from '../client/opening-picture.ts'
import { computedIn, seriesIn } from './pane-content.ts'
import { paneCount, type Arrangement } from './pane-layout.ts'

/** Ends the picture that stands in for a study where the room shows something else than it: several panes, another series. */
export function useOpeningPicture(studyInstanceUid: string, arrangement: Arrangement | undefined): void {
  const [content] = arrangement?.series ?? []
  const shown = seriesIn(content)
  const isAlone =
    arrangement === undefined || (paneCount(arrangement.layout) === 1 && computedIn(content) === undefined)
  const isDecided = arrangement !== undefined
  useEffect(() => {
    if (!isDecided) return
    if (!isAlone) return endPicture(studyInstanceUid)
    void knownOpening(studyInstanceUid).then((packet) => {
      if (packet?.first?.seriesInstanceUid !== shown) endPicture(studyInstanceUid)
    })
  }, [studyInstanceUid, isDecided, isAlone, shown])
}
