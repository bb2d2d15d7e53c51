import { useParams } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { EmergencyBanner } from '../emergency/emergency-banner.tsx'
import { useTextsStore } from '../locales/texts-context.tsx'
import { DropAnywhere } from '../upload/drop-anywhere.tsx'
import { loadedReadingRoom, loadReadingRoom, type ReadingRoom } from './load-reading-room.ts'
import { OpeningPicture } from './opening-picture.tsx'

/** One study: the reading room, in a chunk of its own. */
export function StudyPage(): ReactNode {
  const { studyInstanceUid } = useParams({ from: '/studies/$studyInstanceUid' })
  return (
    <>
      <EmergencyBanner studyInstanceUid={studyInstanceUid} />
      <StudyRoom studyInstanceUid={studyInstanceUid} />
    </>
  )
}

/** The reading room of a study, wherever it is opened from. */
export function StudyRoom({ studyInstanceUid }: { studyInstanceUid: string }): ReactNode {
  const room = useReadingRoomCode()
  const mayStore = useMay('instance.store')
  return (
    <>
      {/* First: it asks for what the room begins with. */}
      <OpeningPicture key={studyInstanceUid} studyInstanceUid={studyInstanceUid} />
      {room !== undefined && (
        <>
          <room.QueriesProvider>
            <room.ReadingRoomPage key={studyInstanceUid} studyInstanceUid={studyInstanceUid} />
          </room.QueriesProvider>
          {mayStore && <DropAnywhere />}
        </>
      )}
    </>
  )
}

/**
 * The code of the reading room, once it is here. Not by Suspense: for a third of a second after it has shown nothing, React
 * holds back what has come.
 */
function useReadingRoomCode(): ReadingRoom | undefined {
  const texts = useTextsStore()
  const [room, setRoom] = useState(loadedReadingRoom)
  useEffect(() => {
    if (loadedReadingRoom() !== undefined) return
    let isHere = true
    loadReadingRoom(texts).then(
      (loaded) => isHere && setRoom(loaded),
      // Told as whatever breaks a page is.
      (error: unknown) =>
        isHere &&
        setRoom(() => {
          throw error
        }),
    )
    return () => {
      isHere = false
    }
  }, [texts])
  return room
}
