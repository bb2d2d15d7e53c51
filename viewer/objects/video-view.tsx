import { useState, type ReactNode } from 'react'
import { firstNumber, firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './video-view.module.css'
import type { ObjectViewProps } from './object-view.ts'
import { FileLink, OfferedFile } from './offered-file.tsx'
import { useEnclosed } from './use-enclosed.ts'

/** A film of an endoscope, a microscope or a camera, by the browser's own decoder where it has one. */
export function VideoView({ series, instance }: ObjectViewProps): ReactNode {
  const { t } = useTexts()
  const [failed, setFailed] = useState(false)
  const enclosed = useEnclosed(instance, Tag.PixelData, 'video/mp4')
  if (enclosed.state === 'loading') return <p className={styles.loading}>{t('objects.loading')}</p>
  if (enclosed.state === 'failed') return <OfferedFile series={series} instance={instance} />
  if (failed)
    return (
      <OfferedFile
        series={series}
        instance={instance}
        text={t('objects.video-unplayable', { codec: codecOf(enclosed.bytes) })}
      />
    )
  const [columns, rows] = [firstNumber(instance, Tag.Columns), firstNumber(instance, Tag.Rows)]
  return (
    <div className={styles.film}>
      <video
        className={styles.picture}
        src={enclosed.url}
        controls
        playsInline
        preload="auto"
        width={columns}
        height={rows}
        aria-label={series.seriesDescription || t('objects.kind-video')}
        onError={() => setFailed(true)}
      />
      <footer className={styles.foot}>
        {[series.seriesDescription, firstString(instance, Tag.ContentDate) ?? '', codecOf(enclosed.bytes)]
          .filter((part) => part !== '')
          .join(' · ')}
        <FileLink instance={instance} />
      </footer>
    </div>
  )
}

/** What the stream is, by its first bytes: an MP4 names its codec in a box, MPEG streams begin with their headers. */
function codecOf(bytes: Uint8Array): string {
  const head =
    new TextDecoder('latin1').decode(bytes.subarray(0, 64 * 1024)) +
    new TextDecoder('latin1').decode(bytes.subarray(-64 * 1024))
  const starts = (...wanted: number[]): boolean => wanted.every((byte, at) => bytes[at] === byte)
  if (head.slice(4, 8) === 'ftyp') {
    if (/hvc1|hev1/.test(head)) return 'HEVC/H.265'
    return /avc1|avc3/.test(head) ? 'AVC/H.264' : 'MP4'
  }
  if (starts(0, 0, 1, 0xba) || starts(0, 0, 1, 0xb3)) return 'MPEG-2'
  if (bytes[0] === 0x47 && bytes[188] === 0x47) return 'MPEG-TS'
  return starts(0, 0, 0, 1) ? 'H.264 / H.265' : '–'
}
