import { Blend } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { overlayValues } from '../../core/measurements/overlay-values.ts'
import { doseGridOf } from '../../core/measurements/dose-grid.ts'
import { storedWindows, type StackImage } from '../imaging/stack-image.ts'
import type { ImagingViewport } from '../imaging/viewport.ts'
import { NO_SLAB } from '../imaging/volume/plane-images.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { placedImage } from '../reading-room/mpr/placed-image.ts'
import type { ReformatSession } from '../reading-room/mpr/reformat-session.ts'
import type { Reformats } from '../reading-room/mpr/use-reformats.ts'
import { useSeriesMetadata } from '../reading-room/use-study.ts'
import { classNames } from '../ui/class-names.ts'
import { displayDicomDate } from '../ui/dates.ts'
import { openFusedPlanes, type FusedPlanes } from './fused-planes.ts'
import type { OverlayRange } from './fusion-look.ts'
import styles from './fusion.module.css'
import { FusionPanel, type OverlayOption } from './fusion-panel.tsx'
import { Legend } from './legend.tsx'
import { doseGridsIn, imagesOf, partsOf, refusalOver, uidOf, type Shelved } from './overlay-choice.ts'
import { paintFusion } from './paint-fusion.ts'
import { useProbe } from './use-probe.ts'
import type { Fusion } from './use-fusion.ts'

interface FusedSeriesProps {
  readonly fusion: Fusion
  readonly pane: number
  readonly overlay: string
  readonly shelved: Shelved
  /** What it lies over. */
  readonly base: Shelved
  readonly viewport: ImagingViewport
  /** The images of the pane. */
  readonly images: readonly StackImage[]
  readonly shown: () => StackImage | undefined
  readonly reformats: Reformats
  /** All of it hidden for a moment, by a key. */
  readonly visible: boolean
  /** Names and figures beside the image. */
  readonly showTexts: boolean
}

/** A series in colour over the images of a pane: resampled at their pixels as they are looked at. */
export function FusedSeries(props: FusedSeriesProps): ReactNode {
  const { fusion, pane, overlay, shelved, base, viewport, images, shown, reformats, visible, showTexts } =
    props
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const { study } = shelved.opening
  const { seriesInstanceUid, instanceCount } = shelved.series
  const { instances, failed } = useSeriesMetadata(study.studyInstanceUid, seriesInstanceUid, instanceCount)
  const over = useMemo(
    () => (instances === undefined ? [] : imagesOf(shelved, overlay, instances)),
    // A series that has grown is another.
    [shelved.series.seriesInstanceUid, overlay, instances],
  )
  const middle = images[Math.floor(images.length / 2)]
  const refusal = useMemo(
    () => (over.length === 0 || middle === undefined ? undefined : refusalOver(over, placedImage(middle))),
    [over, middle],
  )
  const values = useMemo(() => overlayValues(over.map(({ metadata }) => metadata)), [over])
  const filed = useMemo(() => {
    const image = over[Math.floor(over.length / 2)]
    const window = image && storedWindows(image)[0]?.window
    if (window === undefined) return undefined
    const { center, width } = window
    return { lower: (center - width / 2) * values.scale, upper: (center + width / 2) * values.scale }
  }, [over, values])

  const [session, setSession] = useState<ReformatSession>()
  useEffect(() => {
    if (over.length === 0 || refusal !== undefined) return
    const held = reformats.hold(overlay, over)
    if (typeof held.session === 'object') setSession(held.session)
    return () => {
      setSession(undefined)
      held.release()
    }
  }, [reformats, overlay, over, refusal])
  const baseUid = base.series.seriesInstanceUid
  const planes = useRef<FusedPlanes>(undefined)
  const [isOpen, setOpened] = useState(false)
  useEffect(() => {
    if (session === undefined) return
    const opened = openFusedPlanes(session.volume, placedImage, () =>
      shown()?.computed === undefined ? NO_SLAB : (reformats.of(baseUid)?.slab() ?? NO_SLAB),
    )
    planes.current = opened
    setOpened(true)
    return () => {
      planes.current = undefined
      setOpened(false)
      opened.close()
    }
  }, [session, reformats, baseUid])

  const counts = useSyncExternalStore(session?.subscribe ?? never, () => {
    const { arrived, failed: lost, all } = session?.volume.counts() ?? { arrived: 0, failed: 0, all: 0 }
    return `${arrived} ${lost} ${all}`
  })
  const [arrived = 0, lost = 0, all = 0] = counts.split(' ').map(Number)
  const range: OverlayRange | undefined = useMemo(() => {
    const found = session?.volume.range()
    const inUnits = found && { least: found.least * values.scale, most: found.most * values.scale }
    return session && { ...values, range: inUnits, filed }
  }, [session, values, filed, counts])
  const look = useSyncExternalStore(fusion.looks.subscribe, () => fusion.looks.of(overlay, values.kind))
  useEffect(() => {
    if (range !== undefined) fusion.looks.tell(overlay, range)
  }, [fusion.looks, overlay, range])

  useEffect(() => planes.current?.setImages(images), [images, isOpen])
  useEffect(() => planes.current?.forget(), [counts])
  useEffect(() => {
    if (!isOpen || !visible || range === undefined) {
      viewport.drawOver(undefined, 'wash')
      return
    }
    viewport.drawOver(async (image, isAwaited = false) => {
      const found = await (isAwaited ? planes.current?.awaited(image) : planes.current?.at(image))
      const columns = placedImage(image)?.columns
      return found === undefined || columns === undefined ? [] : paintFusion(found, columns, look, range)
    }, 'wash')
  }, [viewport, isOpen, visible, look, range])
  useEffect(() => () => viewport.drawOver(undefined, 'wash'), [viewport])

  const probe = useProbe(viewport, shown, (image) => planes.current?.known(image), range)
  const options = optionsOf(props, instances)
  const dose = over[0] && doseGridOf(over[0].metadata)
  const title = [nameOf(shelved), dose?.summation ?? ''].filter((part) => part !== '').join(' · ')
  const isPrior = study.studyInstanceUid !== base.opening.study.studyInstanceUid
  if (!showTexts && refusal === undefined) return null
  return (
    <>
      <div className={styles.label} data-fusion={overlay} onDoubleClick={(event) => event.stopPropagation()}>
        <button
          type="button"
          className={styles.name}
          aria-expanded={open}
          title={`${t('fusion.panel')} (⇧F)`}
          onClick={() => setOpen(!open)}
        >
          <Blend size={14} strokeWidth={2} aria-hidden="true" />
          <span>{title}</span>
        </button>
        {isPrior && (
          <p className={classNames(styles.note, styles.care)}>
            {t('fusion.of-prior', { date: displayDicomDate(study.studyDate) })}
          </p>
        )}
        {(failed || refusal !== undefined) && (
          <p className={classNames(styles.note, styles.care)} role="alert">
            {failed
              ? t('fusion.failed')
              : `${t('fusion.refused')}: ${t(`fusion.refused-${refusal ?? 'none'}`)}`}
          </p>
        )}
        {!failed && refusal === undefined && (session === undefined || arrived + lost < all) && (
          <p className={styles.note} role="status">
            {all === 0 ? t('fusion.loading') : t('fusion.arriving', { arrived, all })}
          </p>
        )}
        {lost > 0 && (
          <p className={classNames(styles.note, styles.care)}>{t('mpr.failed', { count: lost })}</p>
        )}
        {!visible && <p className={styles.note}>{t('fusion.hidden')}</p>}
        {open && (
          <FusionPanel
            look={look}
            range={range}
            overlay={overlay}
            options={options}
            onChoose={(next) => fusion.show(pane, next)}
            onChange={(parts) => fusion.looks.change(overlay, parts)}
          />
        )}
      </div>
      {range?.range !== undefined && visible && (
        <Legend look={look} range={range} onChange={(parts) => fusion.looks.change(overlay, parts)} />
      )}
      <output ref={probe} className={styles.probe} data-probe />
    </>
  )
}

const never = (): (() => void) => () => undefined

function nameOf({ series }: Shelved): string {
  return [series.modality, series.seriesDescription].filter((part) => part !== '').join(' ')
}

/** What else may lie here: other series, and the other dose grids of this one. */
function optionsOf(
  { fusion, overlay, shelved, base }: FusedSeriesProps,
  instances: Parameters<typeof doseGridsIn>[0] = [],
): OverlayOption[] {
  const { series } = partsOf(overlay)
  const grids = doseGridsIn(instances)
  const own: OverlayOption[] =
    grids.length < 2
      ? [{ overlay, name: nameOf(shelved) }]
      : grids.map((grid, index) => {
          const { summation = '', comment = '' } = doseGridOf(grid) ?? {}
          const parts = [nameOf(shelved), String(index + 1), summation, comment]
          return {
            overlay: `${series}/${uidOf(grid)}`,
            name: parts.filter((part) => part !== '').join(' · '),
          }
        })
  const isKnown = own.some((each) => each.overlay === overlay)
  const others = fusion
    .candidatesFor(base.series.seriesInstanceUid)
    .filter((each) => each.series.seriesInstanceUid !== series)
    .map((each): OverlayOption => ({ overlay: each.series.seriesInstanceUid, name: nameOf(each) }))
  return [...(isKnown ? [] : [{ overlay, name: nameOf(shelved) }]), ...own, ...others]
}
