import { useQueries } from '@tanstack/react-query'
import { Check, Layers2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { StudyOpening, StudySeries } from '../../../core/contract/api.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { useApi } from '../../client/client-context.tsx'
import { metadataQuery } from '../../client/metadata-query.ts'
import type { ImagingViewport } from '../../imaging/viewport.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { displayPersonName } from '../../ui/person-name.ts'
import { objectKind } from '../object-kind.ts'
import type { DrawnObject, DrawnPart } from './drawn-object.ts'
import styles from './drawn-panel.module.css'
import { drawnPresentation } from './drawn-presentation.ts'
import { drawnSegmentation } from './drawn-segmentation.ts'
import { drawnStructures } from './drawn-structures.ts'

const HALF = 0.5

interface DrawnPanelProps {
  readonly opening: StudyOpening
  /** The series of the study that are drawn over others. */
  readonly candidates: readonly StudySeries[]
  /** Dose grids of the study. */
  readonly doses: readonly StudySeries[]
  /** Series Instance UID of what lies over the pane in colour. */
  readonly dose: string | undefined
  readonly onDose: (seriesInstanceUid: string | undefined) => void
  /** Shown from the beginning. */
  readonly initial: readonly string[]
  /** Shown once they are there. */
  readonly added: readonly string[]
  /** Of the images they are drawn over. */
  readonly shownSeries: string
  readonly viewport: ImagingViewport
  /** One of the images. */
  readonly sample: StackImage | undefined
  /** All of it hidden for a moment, by a key. */
  readonly visible: boolean
}

/** Which segmentations, contours and doses are over the images of a pane, and which of their parts. */
export function DrawnPanel({
  opening,
  candidates,
  doses,
  dose,
  onDose,
  initial,
  added,
  shownSeries,
  viewport,
  sample,
  visible,
}: DrawnPanelProps): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const [open, setOpen] = useState(initial.length > 0)
  const [chosen, setChosen] = useState<readonly string[]>(initial)
  useEffect(() => setChosen((before) => [...new Set([...before, ...added])]), [added])
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [opacity, setOpacity] = useState(HALF)
  const { studyInstanceUid } = opening.study
  const isDosed = doses.some(({ seriesInstanceUid }) => seriesInstanceUid === dose)
  const shown = candidates.filter(({ seriesInstanceUid }) => chosen.includes(seriesInstanceUid))
  const read = useQueries({
    queries: shown.map(({ seriesInstanceUid, instanceCount }) =>
      metadataQuery(api, studyInstanceUid, seriesInstanceUid, instanceCount),
    ),
    combine: metadataOf,
  })
  const objects = useMemo(() => read.map((instances) => (instances ?? []).flatMap(objectOf)), [read])

  useEffect(() => {
    const all = objects.flat()
    if (!visible || all.length === 0) {
      viewport.drawOver(undefined)
      return
    }
    const controller = new AbortController()
    viewport.drawOver(async (image) => {
      const drawn = await Promise.all(
        all.map((object) => object.drawingsOn(image, (key) => !hidden.has(key), opacity, controller.signal)),
      )
      return drawn.flat()
    })
    // Not aborted when a part is hidden: what is under way is wanted still.
  }, [viewport, objects, hidden, opacity, visible])
  useEffect(() => () => viewport.drawOver(undefined), [viewport])

  // Of several, the one chosen last in the list: an image is looked at in one way.
  const look = objects.flat().findLast((object) => object.look !== undefined)?.look
  const looked = useRef(false)
  useEffect(() => {
    if (look === undefined && !looked.current) return
    viewport.reset()
    looked.current = look !== undefined
    if (look === undefined || sample === undefined) return
    viewport.choose({ window: look.window, turnedOver: look.turnsOver(sample) })
    if (look.rotation !== 0) viewport.rotate(look.rotation)
    if (look.isFlipped) viewport.flip('horizontal')
    const area = look.areaOf(sample)
    if (area !== undefined) viewport.showArea(area)
    // How one image of the stack is filed is how all are.
  }, [viewport, look])

  const toggle = (keys: readonly string[], show: boolean): void => {
    setHidden((before) => {
      const next = new Set(before)
      for (const key of keys) {
        if (show) next.delete(key)
        else next.add(key)
      }
      return next
    })
  }

  return (
    <div className={styles.place} onDoubleClick={(event) => event.stopPropagation()}>
      <button
        type="button"
        className={classNames(styles.button, (shown.length > 0 || isDosed) && visible && styles.on)}
        aria-expanded={open}
        title={`${t('objects.overlays')} (⇧O)`}
        onClick={() => setOpen(!open)}
      >
        <Layers2 size={14} strokeWidth={2} aria-hidden="true" />
        {t('objects.overlays')}
      </button>
      {open && (
        <div className={styles.panel} role="group" aria-label={t('objects.overlays')}>
          {candidates.map((series) => {
            const at = shown.indexOf(series)
            const parts = (objects[at] ?? []).flatMap((object) => object.parts)
            const isOf = at < 0 || (objects[at] ?? []).every((object) => isDrawnOn(object, shownSeries))
            const uid = series.seriesInstanceUid
            return (
              <section key={uid}>
                <Tick
                  checked={at >= 0}
                  onToggle={() =>
                    setChosen(at < 0 ? [...chosen, uid] : chosen.filter((each) => each !== uid))
                  }
                >
                  <b>{series.seriesDescription || series.modality}</b>
                  <span className={styles.quiet}>{series.modality}</span>
                </Tick>
                {at >= 0 && read[at] === undefined && <p className={styles.quiet}>{t('objects.loading')}</p>}
                {!isOf && <p className={styles.quiet}>{t('objects.overlay-elsewhere')}</p>}
                {(objects[at] ?? []).map((object, index) => (
                  <About key={index} object={object} language={language} />
                ))}
                {parts.length > 1 && (
                  <Tick
                    checked={parts.every(({ key }) => !hidden.has(key))}
                    onToggle={() =>
                      toggle(
                        parts.map(({ key }) => key),
                        parts.some(({ key }) => hidden.has(key)),
                      )
                    }
                  >
                    <span className={styles.quiet}>{t('objects.overlay-all')}</span>
                  </Tick>
                )}
                {(objects[at] ?? []).flatMap((object) =>
                  object.parts.map((part) => (
                    <Tick
                      key={part.key}
                      checked={!hidden.has(part.key)}
                      onToggle={() => toggle([part.key], hidden.has(part.key))}
                    >
                      <span
                        className={styles.colour}
                        style={{ background: `rgb(${part.colour.join(' ')})` }}
                      />
                      {nameOf(part, object)}
                    </Tick>
                  )),
                )}
              </section>
            )
          })}
          {doses.map(({ seriesInstanceUid, seriesDescription, modality }) => (
            <section key={seriesInstanceUid}>
              <Tick
                checked={dose === seriesInstanceUid}
                onToggle={() => onDose(dose === seriesInstanceUid ? undefined : seriesInstanceUid)}
              >
                <b>{seriesDescription || modality}</b>
                <span className={styles.quiet}>{modality}</span>
              </Tick>
            </section>
          ))}
          {shown.length > 0 && (
            <label className={styles.opacity}>
              {t('objects.overlay-opacity')}
              <input
                type="range"
                min={0.1}
                max={1}
                step={0.05}
                value={opacity}
                onChange={(event) => setOpacity(Number(event.target.value))}
                // The keys are the image's again.
                onPointerUp={(event) => event.currentTarget.blur()}
              />
            </label>
          )}
        </div>
      )}
    </div>
  )

  function nameOf(part: DrawnPart, { kind }: DrawnObject): string {
    return (
      part.name ||
      t(kind === 'segmentation' ? 'objects.segment' : 'objects.structure', { number: part.number })
    )
  }
}

/** Who made a presentation state, and what of it is not shown. */
function About({ object, language }: { readonly object: DrawnObject; readonly language: string }): ReactNode {
  const { t } = useTexts()
  const { by, unread = [] } = object
  const creator = displayPersonName(by ?? null, language).primary
  return (
    <>
      {creator !== '' && <p className={styles.quiet}>{creator}</p>}
      {unread.length > 0 && (
        <p className={styles.care}>
          {t('objects.presentation-parts', {
            parts: unread.map((part) => t(`objects.part-${part}`)).join(', '),
          })}
        </p>
      )}
    </>
  )
}

function Tick({
  checked,
  onToggle,
  children,
}: {
  readonly checked: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}): ReactNode {
  return (
    <button type="button" role="checkbox" aria-checked={checked} className={styles.tick} onClick={onToggle}>
      <span className={styles.box}>{checked && <Check size={12} strokeWidth={3} aria-hidden="true" />}</span>
      {children}
    </button>
  )
}

const metadataOf = (results: readonly { data: DicomJson[] | undefined }[]): (DicomJson[] | undefined)[] =>
  results.map(({ data }) => data)

function objectOf(instance: DicomJson): DrawnObject[] {
  const kind = objectKind(instance)
  if (kind === 'presentation') return [drawnPresentation(instance)]
  if (kind === 'structures') return [drawnStructures(instance)]
  return kind === 'segmentation' ? [drawnSegmentation(instance)].filter((object) => object !== undefined) : []
}

/** Whether it names the series; one that names none may be of any. */
const isDrawnOn = ({ series }: DrawnObject, shown: string): boolean =>
  series.length === 0 || series.includes(shown)
