import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, type ReactNode } from 'react'
import { useMay } from '../client/client-context.tsx'
import { EmergencyBanner } from '../emergency/emergency-banner.tsx'
import { WithTexts } from '../locales/texts-context.tsx'
import { DropAnywhere } from '../upload/drop-anywhere.tsx'
import { loadReadingRoom } from './load-reading-room.ts'
import { OpeningPicture } from './opening-picture.tsx'

const ReadingRoomPage = lazy(() => loadReadingRoom().then((page) => ({ default: page.ReadingRoomPage })))
const QueriesProvider = lazy(() =>
  import('../client/queries-provider.tsx').then((module) => ({ default: module.QueriesProvider })),
)

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
  const mayStore = useMay('instance.store')
  return (
    <>
      {/* First: it asks for what the room begins with. */}
      <OpeningPicture key={studyInstanceUid} studyInstanceUid={studyInstanceUid} />
      <WithTexts
        areas={[
          'reading',
          'objects',
          'mpr',
          'fusion',
          'hanging',
          'tags',
          'export',
          'quality',
          'segments',
          'measuring',
          'windows',
          'volume',
        ]}
      >
        <Suspense>
          <QueriesProvider>
            <ReadingRoomPage key={studyInstanceUid} studyInstanceUid={studyInstanceUid} />
          </QueriesProvider>
        </Suspense>
        {mayStore && <DropAnywhere />}
      </WithTexts>
    </>
  )
}
