import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { buttonClass } from '../ui/button.tsx'
import styles from './document-view.module.css'
import type { ObjectViewProps } from './object-view.ts'
import { FileLink, OfferedFile } from './offered-file.tsx'
import { useEnclosed } from './use-enclosed.ts'

const PDF = 'application/pdf'
/** By the types that the standard encloses; what it is called decides nothing but its name. */
const ENDINGS: Readonly<Record<string, string>> = {
  [PDF]: 'pdf',
  'text/xml': 'xml',
  'model/stl': 'stl',
  'application/sla': 'stl',
  'model/obj': 'obj',
  'model/mtl': 'mtl',
  'model/gltf-binary': 'glb',
}

/** A document inside a DICOM file: a PDF is shown, by the browser's own viewer; anything else is offered. */
export function DocumentView({ series, instance }: ObjectViewProps): ReactNode {
  const { t } = useTexts()
  const type = firstString(instance, Tag.MIMETypeOfEncapsulatedDocument) ?? ''
  // Never as the type the file names: a page or a drawing with a script in it would be one of ours.
  const enclosed = useEnclosed(
    instance,
    Tag.EncapsulatedDocument,
    type === PDF ? PDF : 'application/octet-stream',
  )
  const title = firstString(instance, Tag.DocumentTitle) ?? series.seriesDescription
  const name = `${(title || series.modality || 'document').replace(/[^\p{L}\p{N} ._-]+/gu, '_')}.${ENDINGS[type] ?? 'bin'}`
  if (enclosed.state === 'loading') return <p className={styles.loading}>{t('objects.loading')}</p>
  if (enclosed.state === 'failed' || enclosed.bytes.length === 0)
    return <OfferedFile series={series} instance={instance} />
  const save = (
    <a className={buttonClass()} href={enclosed.url} download={name}>
      <Download size={16} strokeWidth={1.75} aria-hidden="true" />
      {t(type === PDF ? 'objects.open-document' : 'objects.save-enclosed')}
    </a>
  )
  if (type !== PDF || !isPdf(enclosed.bytes))
    return (
      <OfferedFile
        series={series}
        instance={instance}
        text={[title, t('objects.encapsulated', { type: type || '–' })]
          .filter((part) => part !== '')
          .join(': ')}
        action={
          <span className={styles.actions}>
            {save}
            <FileLink instance={instance} />
          </span>
        }
      />
    )
  return (
    <div className={styles.document}>
      <header className={styles.head}>
        <h1>{title || conceptOf(instance) || t('objects.kind-document')}</h1>
        {save}
      </header>
      {navigator.pdfViewerEnabled ? (
        <iframe
          className={styles.frame}
          src={enclosed.url}
          title={t('objects.document-frame', { title: title || conceptOf(instance) })}
        />
      ) : (
        <p className={styles.loading}>{t('objects.no-document-view')}</p>
      )}
    </div>
  )
}

/** "%PDF" within the first KiB, as viewers take it. */
function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF')
}

function conceptOf(instance: DicomJson): string {
  const [concept] = instance[Tag.ConceptNameCodeSequence]?.Value ?? []
  return typeof concept === 'object' && concept !== null
    ? (firstString(concept as DicomJson, Tag.CodeMeaning) ?? '')
    : ''
}
