import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { UploadRoom } from '../../core/contract/organisations.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import styles from './upload-page.module.css'

interface RoomNoticeProps {
  /** Of what is still to be sent. */
  readonly bytesToSend: number
}

/** Says that what was chosen does not fit, as soon as its size is known, and that nothing fits before anything is chosen. */
export function RoomNotice({ bytesToSend }: RoomNoticeProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { data: room } = useQuery({
    queryKey: ['upload', 'room'],
    queryFn: ({ signal }) => api.call('GET', '/api/uploads/room', { answer: UploadRoom, signal }),
    refetchInterval: 10_000,
  })
  const text = (): string | undefined => {
    if (room === undefined || room.leftBytes === null || room.quotaBytes === null) return undefined
    if (room.leftBytes === 0) return t('upload.room.none', { quota: displayBytes(room.quotaBytes) })
    if (bytesToSend <= room.leftBytes) return undefined
    return t('upload.room.too-little', {
      wanted: displayBytes(bytesToSend),
      left: displayBytes(room.leftBytes),
    })
  }
  const shown = text()
  return (
    shown !== undefined && (
      <div className={styles.banner} role="alert">
        <p>{shown}</p>
      </div>
    )
  )
}
