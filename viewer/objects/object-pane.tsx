import {
  Component,
  lazy,
  Suspense,
  useEffect,
  useState,
  type ComponentType,
  type LazyExoticComponent,
  type ReactNode,
} from 'react'
import type { StudySeries } from '../../core/contract/api.ts'
import { firstString, type DicomJson } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { endPicture } from '../client/opening-picture.ts'
import { useTexts } from '../locales/texts-context.tsx'
import styles from './object-pane.module.css'
import { objectKind, type ObjectKind } from './object-kind.ts'
import type { ObjectViewProps } from './object-view.ts'
import { OfferedFile } from './offered-file.tsx'

type ObjectView = LazyExoticComponent<ComponentType<ObjectViewProps>>

/** Each in a chunk of its own: a study without reports loads nothing of them. */
const VIEWS: Readonly<Partial<Record<ObjectKind, ObjectView>>> = {
  report: lazy(() => import('./report-view.tsx').then((file) => ({ default: file.ReportView }))),
  'key-objects': lazy(() =>
    import('./key-objects-view.tsx').then((file) => ({ default: file.KeyObjectsView })),
  ),
  document: lazy(() => import('./document-view.tsx').then((file) => ({ default: file.DocumentView }))),
  video: lazy(() => import('./video-view.tsx').then((file) => ({ default: file.VideoView }))),
  waveform: lazy(() =>
    import('./waveform/waveform-view.tsx').then((file) => ({ default: file.WaveformView })),
  ),
}

interface ObjectPaneProps extends Omit<ObjectViewProps, 'instance'> {
  readonly instances: readonly DicomJson[]
}

/** A series of objects that are no images: each in its own way, and what has none with its file. */
export function ObjectPane({ instances, ...rest }: ObjectPaneProps): ReactNode {
  const { t } = useTexts()
  const [chosen, setChosen] = useState(0)
  const { studyInstanceUid } = rest.opening.study
  useEffect(() => endPicture(studyInstanceUid), [studyInstanceUid])
  const instance = instances[chosen] ?? instances[0]
  if (instance === undefined) return <OfferedFile series={rest.series} instance={undefined} />
  const kind = objectKind(instance) ?? 'other'
  const View = VIEWS[kind]
  const drawnKind = kind === 'structures' ? kind : kind === 'presentation' ? 'presentation-state' : undefined
  return (
    // Words are marked by a double click here, and no pane is maximised.
    <section className={styles.pane} onDoubleClick={(event) => event.stopPropagation()}>
      {instances.length > 1 && (
        <label className={styles.choice}>
          {t('objects.choose', { count: instances.length })}
          <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {instances.map((each, index) => (
              <option key={firstString(each, Tag.SOPInstanceUID) ?? index} value={index}>
                {[firstString(each, Tag.InstanceNumber) ?? index + 1, titleOf(each)]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className={styles.object}>
        <Guard key={firstString(instance, Tag.SOPInstanceUID)} series={rest.series} instance={instance}>
          {View === undefined ? (
            <OfferedFile
              series={rest.series}
              instance={instance}
              {...(drawnKind === undefined
                ? {}
                : { text: t('objects.overlay-none-text', { kind: t(`objects.kind-${drawnKind}`) }) })}
            />
          ) : (
            <Suspense fallback={<p className={styles.loading}>{t('objects.loading')}</p>}>
              <View {...rest} instance={instance} />
            </Suspense>
          )}
        </Guard>
      </div>
    </section>
  )
}

function titleOf(instance: DicomJson): string {
  const [concept] = instance[Tag.ConceptNameCodeSequence]?.Value ?? []
  const named =
    typeof concept === 'object' && concept !== null
      ? firstString(concept as DicomJson, Tag.CodeMeaning)
      : undefined
  return firstString(instance, Tag.DocumentTitle) ?? named ?? ''
}

interface GuardProps {
  readonly series: StudySeries
  readonly instance: DicomJson
  readonly children: ReactNode
}

/** A file that a viewer stumbles over does not take the room with it. */
class Guard extends Component<GuardProps, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    const { series, instance, children } = this.props
    return this.state.failed ? <Failed series={series} instance={instance} /> : children
  }
}

export function Failed({ series, instance }: Omit<GuardProps, 'children'>): ReactNode {
  const { t } = useTexts()
  return <OfferedFile series={series} instance={instance} text={t('objects.failed-text')} />
}
