import { Eye, EyeOff, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { SEGMENT_KINDS, SegmentKind, type Segment } from '../../../core/measurements/segments/segment.ts'
import { deviationOf } from '../../../core/measurements/segments/segment-statistics.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { displayValue } from '../../marks/mark-lines.ts'
import type { ImagePlace } from '../../objects/image-place.ts'
import type { Painting } from '../../segments/painting.ts'
import { valuesOf, volumeOf, type SegmentValues } from '../../segments/segment-figures.ts'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './segments-panel.module.css'

interface SegmentRowProps {
  readonly segment: Segment
  readonly isActive: boolean
  readonly painting: Painting
  /** All images of its series; undefined: they are on their way. */
  readonly stack: readonly StackImage[] | undefined
  readonly onGo: (place: ImagePlace) => void
}

/** One segment: what it is, how large, and what its pixels say. */
export function SegmentRow({ segment, isActive, painting, stack, onGo }: SegmentRowProps): ReactNode {
  const { t } = useTexts()
  const { store } = painting
  const name = segment.label || t(`segments.kind-${segment.kind}`)

  /** To the image on which most of it is in the middle of what is painted. */
  function go(): void {
    painting.activate(segment.trackingUid)
    const painted = new Set(
      segment.slices.map(({ sopInstanceUid, frameNumber }) => `${sopInstanceUid} ${frameNumber}`),
    )
    const places = (stack ?? []).flatMap(({ url, frameNumber }) => {
      const sopInstanceUid = /\/instances\/([^/]+)\//.exec(url)?.[1] ?? ''
      return painted.has(`${sopInstanceUid} ${frameNumber}`) ? [{ sopInstanceUid, frameNumber }] : []
    })
    const middle = places[Math.floor(places.length / 2)] ?? segment.slices[0]
    if (middle !== undefined) onGo({ ...middle, seriesInstanceUid: segment.seriesInstanceUid })
  }

  return (
    <li
      className={classNames(styles.segment, isActive && styles.active, segment.hidden && styles.hidden)}
      aria-current={isActive}
    >
      <span
        className={styles.colour}
        style={{ background: `rgb(${segment.colour.join(' ')})` }}
        aria-hidden
      />
      <button type="button" className={styles.go} aria-label={t('segments.go', { name })} onClick={go}>
        <Figures segment={segment} stack={stack} />
      </button>
      <IconButton
        label={t(segment.hidden ? 'segments.unhide' : 'segments.hide')}
        onClick={() => store.setHidden(segment.trackingUid, !segment.hidden)}
      >
        {segment.hidden ? <EyeOff size={16} strokeWidth={1.75} /> : <Eye size={16} strokeWidth={1.75} />}
      </IconButton>
      <IconButton label={t('segments.delete')} onClick={() => store.remove(segment.trackingUid)}>
        <Trash2 size={16} strokeWidth={1.75} />
      </IconButton>
      <input
        key={segment.label}
        className={styles.name}
        aria-label={t('segments.rename')}
        placeholder={t(`segments.kind-${segment.kind}`)}
        defaultValue={segment.label}
        maxLength={64}
        onBlur={(event) => {
          const label = event.target.value.replaceAll('\\', ' ').trim()
          if (label !== segment.label) store.rename(segment.trackingUid, label)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur()
        }}
      />
      <select
        className={styles.kind}
        aria-label={t('segments.kind')}
        value={segment.kind}
        onChange={(event) => store.put({ ...segment, kind: SegmentKind.parse(event.target.value) })}
      >
        {SEGMENT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`segments.kind-${kind}`)}
          </option>
        ))}
      </select>
    </li>
  )
}

/** Volume, or why there is none, and the values of the pixels. */
function Figures({ segment, stack }: Pick<SegmentRowProps, 'segment' | 'stack'>): ReactNode {
  const { t } = useTexts()
  const volume = useMemo(() => stack && volumeOf(segment, stack), [segment.slices, stack])
  const values = useValues(segment, stack)
  return (
    <>
      <b>
        {volume === undefined
          ? t('segments.measuring')
          : volume.kind === 'known'
            ? t('segments.volume', { volume: displayVolume(volume.millilitres) })
            : t('segments.no-volume', { reason: t(`segments.no-volume-${volume.because}`) })}
      </b>
      {values !== undefined && (
        <span>
          {t('reading.quantity-mean')} {inUnit('mean', values.statistics.mean, values)} ±{' '}
          {inUnit('standard-deviation', deviationOf(values.statistics), values)}
        </span>
      )}
      {values !== undefined && (
        <span>
          {t('reading.quantity-minimum')} {inUnit('minimum', values.statistics.minimum, values)}{' '}
          {t('reading.quantity-maximum')} {inUnit('maximum', values.statistics.maximum, values)}
        </span>
      )}
      <span>
        {[
          t('segments.images', { count: segment.slices.length }),
          volume?.kind === 'known' &&
            volume.unpainted > 0 &&
            t('segments.volume-unpainted', { count: volume.unpainted }),
        ]
          .filter((part) => typeof part === 'string')
          .join(' · ')}
      </span>
    </>
  )
}

/** Measured once what is painted is known; what was known of before stays until then. */
function useValues(segment: Segment, stack: readonly StackImage[] | undefined): SegmentValues | undefined {
  const [values, setValues] = useState<SegmentValues>()
  useEffect(() => {
    if (stack === undefined) return undefined
    const controller = new AbortController()
    valuesOf(segment, stack, controller.signal).then(
      (next) => {
        if (!controller.signal.aborted) setValues(next)
      },
      () => {
        // An image could not be had: no figure is better than one of a part.
        if (!controller.signal.aborted) setValues(undefined)
      },
    )
    return () => controller.abort()
    // Names and colours change nothing of it.
  }, [segment.slices, stack])
  return values
}

const inUnit = (
  quantity: 'mean' | 'standard-deviation' | 'minimum' | 'maximum',
  value: number,
  { meaning: { unit, intensity } }: SegmentValues,
): string =>
  // A figure and its unit stay on one line.
  displayValue({ quantity, value, unit, intensity }).replaceAll(' ', '\u00a0')

/** Three figures, and no more digits than a hand can paint. */
const displayVolume = (millilitres: number): string =>
  millilitres >= 100
    ? millilitres.toFixed(0)
    : millilitres >= 10
      ? millilitres.toFixed(1)
      : millilitres.toFixed(2)
