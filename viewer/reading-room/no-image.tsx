import { FileText } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StudySeries } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

const KINDS: Readonly<Record<string, TextKey>> = {
  SR: 'reading.kind-SR',
  PR: 'reading.kind-PR',
  KO: 'reading.kind-KO',
  SEG: 'reading.kind-SEG',
  DOC: 'reading.kind-DOC',
  RTSTRUCT: 'reading.kind-RTSTRUCT',
  RTPLAN: 'reading.kind-RTPLAN',
  ECG: 'reading.kind-ECG',
}

interface NoImageProps {
  readonly studyInstanceUid: string
  readonly series: StudySeries
  readonly instances: readonly DicomJson[]
}

/** A series without pixels: what it is, and its file. */
export function NoImage({ studyInstanceUid, series, instances }: NoImageProps): ReactNode {
  const { t } = useTexts()
  const known = KINDS[series.modality]
  const kind = known === undefined ? t('reading.kind-other', { modality: series.modality || '–' }) : t(known)
  const uid = firstString(instances[0] ?? {}, Tag.SOPInstanceUID)
  const path = `/dicom-web/studies/${studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${uid}`
  return (
    <Notice
      icon={<FileText size={28} strokeWidth={1.5} />}
      title={series.seriesDescription || t('reading.no-image')}
      text={t('reading.no-image-text', { kind })}
      action={
        uid !== undefined && (
          <a className={buttonClass()} href={`${path}?accept=application/dicom`} download={`${uid}.dcm`}>
            {t('reading.download')}
          </a>
        )
      }
    />
  )
}
