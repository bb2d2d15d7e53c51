import { useEffect } from 'react'
import { knownOpening } from '../client/opening-packet.ts'
import { endPicture } from '../client/opening-picture.ts'
import { openingFrames } from '../imaging/frames/opening-frames.ts'
import { computedIn, seriesIn } from './pane-content.ts'
import { paneCount, type Arrangement } from './pane-layout.ts'

/** Where the room shows something else than the picture that stands in for a study (several panes, another series), that ends, and what was asked for with it is given up. */
export function useOpeningPicture(studyInstanceUid: string, arrangement: Arrangement | undefined): void {
  const [content] = arrangement?.series ?? []
  const shown = seriesIn(content)
  const isAlone =
    arrangement === undefined || (paneCount(arrangement.layout) === 1 && computedIn(content) === undefined)
  const isDecided = arrangement !== undefined
  useEffect(() => {
    if (!isDecided) return
    let isHere = true
    const end = (): void => {
      endPicture(studyInstanceUid)
      openingFrames.giveUp()
    }
    if (!isAlone) return end()
    void knownOpening(studyInstanceUid).then((packet) => {
      if (isHere && packet?.first?.seriesInstanceUid !== shown) end()
    })
    return () => {
      isHere = false
    }
  }, [studyInstanceUid, isDecided, isAlone, shown])
}
