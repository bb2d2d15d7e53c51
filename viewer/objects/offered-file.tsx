import { Download, FileText } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StudySeries } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useMay } from '../client/client-context.tsx'
import { shareAddress } from '../client/shared-page.ts'
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

/** Where the whole file of an instance is had, under the session of the page. */
export function fileAddress(instance: DicomJson): string {
  return `${instanceAddress(instance)}?accept=application/dicom`
}

/** The WADO-RS path of an instance. */
export function instanceAddress(instance: DicomJson): string {
  const of = (tag: string): string => firstString(instance, tag) ?? ''
  return (
    `/dicom-web/studies/${of(Tag.StudyInstanceUID)}/series/${of(Tag.SeriesInstanceUID)}` +
    `/instances/${of(Tag.SOPInstanceUID)}`
  )
}

export function FileLink({ instance }: { readonly instance: DicomJson }): ReactNode {
  const { t } = useTexts()
  const uid = firstString(instance, Tag.SOPInstanceUID)
  const mayRetrieve = useMay('instance.retrieve')
  if (uid === undefined || !mayRetrieve) return null
  return (
    <a className={buttonClass()} href={shareAddress(fileAddress(instance))} download={`${uid}.dcm`}>
      <Download size={16} strokeWidth={1.75} aria-hidden="true" />
      {t('objects.download')}
    </a>
  )
}

interface OfferedFileProps {
  readonly series: StudySeries
  readonly instance: DicomJson | undefined
  /** Says more than what kind it is: why it is not shown. */
  readonly text?: string
  readonly action?: ReactNode
}

/** What is not shown here: what it is, and its file. */
export function OfferedFile({ series, instance, text, action }: OfferedFileProps): ReactNode {
  const { t } = useTexts()
  return (
    <Notice
      icon={<FileText size={28} strokeWidth={1.5} />}
      title={series.seriesDescription || t('reading.no-image')}
      text={text ?? t('objects.not-shown', { kind: kindOf(series, t) })}
      action={action ?? (instance !== undefined && <FileLink instance={instance} />)}
    />
  )
}

/** What a series is, in words. */
export function kindOf(series: StudySeries, t: ReturnType<typeof useTexts>['t']): string {
  const known = KINDS[series.modality]
  return known === undefined ? t('reading.kind-other', { modality: series.modality || '–' }) : t(known)
}
