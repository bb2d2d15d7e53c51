import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { OpeningPacket } from '../../core/contract/opening.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import { useApi } from '../client/client-context.tsx'
import { askOpening } from '../client/opening-packet.ts'
import { forgetPictures, isPictureOver, subscribeToPicture } from '../client/opening-picture.ts'
import { useTexts, useTextsStore } from '../locales/texts-context.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { loadedReadingRoom, loadFrames, loadReadingRoom } from './load-reading-room.ts'
import styles from './opening-picture.module.css'

/**
 * The image that a study begins with, as the archive rendered it, where the reading room will show it: there before the
 * reading room's code is. It says that it is a preview, and goes when the viewer has an image of its own.
 */
export function OpeningPicture({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const { t, language } = useTexts()
  const texts = useTextsStore()
  const api = useApi()
  const [packet, setPacket] = useState<OpeningPacket>()
  const isOver = useSyncExternalStore(subscribeToPicture, () => isPictureOver(studyInstanceUid))
  useEffect(() => {
    let isHere = true
    // First: everything else waits for it.
    const asked = askOpening(api, studyInstanceUid)
    const frames = loadFrames()
    frames.then(
      ({ prepareFrames }) => isHere && prepareFrames(),
      // What cannot be had now is asked for, and missed, when it is needed.
      () => undefined,
    )
    void asked.then((answer) => {
      // An address that names an image begins with that one.
      if (!isHere || window.location.search !== '') return
      setPacket(answer)
      const { seriesInstanceUid, instances, picture } = answer?.first ?? {}
      if (seriesInstanceUid === undefined || instances === undefined || picture === undefined) return
      // The room will begin with it: its pixels need not wait for the room's code.
      frames.then(
        ({ openingFrames }) => {
          if (!isHere || isPictureOver(studyInstanceUid)) return
          const code = loadedReadingRoom() === undefined ? () => loadReadingRoom(texts) : undefined
          openingFrames.fetch(studyInstanceUid, seriesInstanceUid, instances as DicomJson[], code)
        },
        () => undefined,
      )
    })
    return () => {
      isHere = false
      void frames.then(({ openingFrames }) => openingFrames.giveUp()).catch(() => undefined)
      forgetPictures()
    }
  }, [api, texts, studyInstanceUid])
  const picture = packet?.first?.picture
  if (packet === undefined || picture === undefined || isOver) return null
  const { patientName, patientId } = packet.opening.study
  const name = displayPersonName(patientName, language)
  return (
    <div className={styles.place}>
      <img data-opening alt="" src={`data:image/jpeg;base64,${picture}`} />
      {/* Whose it is, where the pane will say it. */}
      <p>
        <b>{[name.primary, name.secondary].filter((part) => part !== '').join('  ')}</b>
        {`\n${patientId}`}
      </p>
      <span role="status">{t('shell.opening-picture')}</span>
    </div>
  )
}
