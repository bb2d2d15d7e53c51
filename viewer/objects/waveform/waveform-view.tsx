import { useQuery } from '@tanstack/react-query'
import { X, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { items, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { readWaveform, type WaveformGroup } from '../../../core/dicom/waveform.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { IconButton } from '../../ui/button.tsx'
import type { ObjectViewProps } from '../object-view.ts'
import { FileLink, instanceAddress, OfferedFile } from '../offered-file.tsx'
import { fetched } from '../use-enclosed.ts'
import { drawPaper, type Caliper } from './draw-paper.ts'
import { hasTwelveLeads, layPaper, type PaperChoice, type WaveformLayout } from './waveform-layout.ts'
import styles from './waveform-view.module.css'

const SPEEDS = [12.5, 25, 50]
const GAINS = [2.5, 5, 10, 20]
const ZOOM = 1.25
const LEAST_SCALE = 1
const MOST_SCALE = 16

/** An electrocardiogram, or another signal, on paper as it is read from. */
export function WaveformView({ series, instance }: ObjectViewProps): ReactNode {
  const { t } = useTexts()
  const { data, isError } = useQuery({
    queryKey: ['waveform', instanceAddress(instance)],
    queryFn: async ({ signal }) => readWaveform(instance, await samplesOf(instance, signal)),
    staleTime: Infinity,
    retry: false,
  })
  const [chosen, setChosen] = useState(0)
  if (isError) return <OfferedFile series={series} instance={instance} text={t('objects.failed-text')} />
  if (data === undefined) return <p className={styles.loading}>{t('objects.loading')}</p>
  const group = data.groups[chosen]
  if (group === undefined || data.groups.every(({ fault }) => fault !== undefined))
    return <OfferedFile series={series} instance={instance} text={t('objects.failed-text')} />
  const annotations = data.annotations.filter((each) => each.group === undefined || each.group === chosen)
  return (
    <div className={styles.view}>
      <Sheet
        key={chosen}
        group={group}
        groups={
          data.groups.length > 1 && (
            <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
              {data.groups.map(({ label }, index) => (
                <option key={index} value={index}>
                  {label || t('objects.ecg-group', { number: index + 1 })}
                </option>
              ))}
            </select>
          )
        }
      />
      <footer className={styles.foot}>
        <span>
          {[filtersOf(group, t), ...annotations.map(({ text }) => text)]
            .filter((part) => part !== '')
            .join(' · ')}
        </span>
        <FileLink instance={instance} />
      </footer>
    </div>
  )
}

function Sheet({ group, groups }: { readonly group: WaveformGroup; readonly groups: ReactNode }): ReactNode {
  const { t } = useTexts()
  const canvas = useRef<HTMLCanvasElement>(null)
  const desk = useRef<HTMLDivElement>(null)
  const isTwelve = hasTwelveLeads(group)
  const [choice, setChoice] = useState<PaperChoice>({
    layout: isTwelve ? 'rhythm' : 'rows',
    speed: 25,
    gain: 10,
  })
  const [scale, setScale] = useState<number>()
  const [caliper, setCaliper] = useState<Caliper>()
  const paper = useMemo(() => layPaper(group, choice), [group, choice])

  useEffect(() => {
    // As wide as the pane, to begin with.
    setScale((before) => before ?? clamped((desk.current?.clientWidth ?? 800) / paper.width))
  }, [paper])
  useEffect(() => {
    if (canvas.current !== null && scale !== undefined)
      drawPaper(canvas.current, paper, group.frequency, choice.speed, scale, caliper)
  }, [paper, group, choice, scale, caliper])

  const measure = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (scale === undefined || event.button !== 0) return
    const box = event.currentTarget.getBoundingClientRect()
    const at = [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale] as const
    setCaliper((before) =>
      before === undefined || before.to !== undefined ? { from: at, to: undefined } : { ...before, to: at },
    )
  }
  const change = (part: Partial<PaperChoice>): void => {
    setChoice((before) => ({ ...before, ...part }))
    setCaliper(undefined)
  }
  const seconds = (group.samples / group.frequency).toFixed(1)
  return (
    <>
      <header className={styles.bar}>
        {groups}
        {isTwelve && (
          <label>
            {t('objects.ecg-layout')}
            <select
              value={choice.layout}
              onChange={(event) => change({ layout: event.target.value as WaveformLayout })}
            >
              <option value="rhythm">{t('objects.ecg-layout-rhythm')}</option>
              <option value="rows">{t('objects.ecg-layout-rows')}</option>
            </select>
          </label>
        )}
        <label>
          {t('objects.ecg-speed')}
          <select value={choice.speed} onChange={(event) => change({ speed: Number(event.target.value) })}>
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {speed} mm/s
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('objects.ecg-gain')}
          <select value={choice.gain} onChange={(event) => change({ gain: Number(event.target.value) })}>
            {GAINS.map((gain) => (
              <option key={gain} value={gain}>
                {gain} mm/mV
              </option>
            ))}
          </select>
        </label>
        <IconButton
          label={t('objects.ecg-zoom-out')}
          title={t('objects.ecg-zoom-out')}
          onClick={() => setScale((before) => clamped((before ?? 1) / ZOOM))}
        >
          <ZoomOut size={18} strokeWidth={1.75} />
        </IconButton>
        <IconButton
          label={t('objects.ecg-zoom-in')}
          title={t('objects.ecg-zoom-in')}
          onClick={() => setScale((before) => clamped((before ?? 1) * ZOOM))}
        >
          <ZoomIn size={18} strokeWidth={1.75} />
        </IconButton>
        <output className={styles.measured}>
          {caliper?.to === undefined ? t('objects.ecg-caliper') : measured(caliper.from, caliper.to, choice)}
        </output>
        {caliper !== undefined && (
          <IconButton
            label={t('objects.ecg-clear')}
            title={t('objects.ecg-clear')}
            onClick={() => setCaliper(undefined)}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        )}
      </header>
      <div ref={desk} className={styles.desk}>
        <canvas
          ref={canvas}
          className={styles.paper}
          role="img"
          aria-label={t('objects.ecg-picture', { count: group.channels.length, seconds })}
          onPointerDown={measure}
        />
      </div>
    </>
  )
}

const clamped = (scale: number): number => Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale))

/** Time, the rate that beats so far apart have, and voltage. */
function measured(
  from: readonly [number, number],
  to: readonly [number, number],
  { speed, gain }: PaperChoice,
): string {
  const milliseconds = (Math.abs(to[0] - from[0]) / speed) * 1000
  const millivolts = (from[1] - to[1]) / gain
  const rate = milliseconds >= 100 ? ` · ${Math.round(60_000 / milliseconds)}/min` : ''
  return `${Math.round(milliseconds)} ms${rate} · ${millivolts.toFixed(2)} mV`
}

function filtersOf({ channels }: WaveformGroup, t: ReturnType<typeof useTexts>['t']): string {
  const [first] = channels
  if (first === undefined) return ''
  const { lowFrequency, highFrequency, notchFrequency } = first
  return [
    lowFrequency !== undefined &&
      highFrequency !== undefined &&
      t('objects.ecg-filters', { low: String(lowFrequency), high: String(highFrequency) }),
    notchFrequency !== undefined && t('objects.ecg-notch', { notch: String(notchFrequency) }),
  ]
    .filter((part) => part !== false)
    .join(', ')
}

/** Waveform Data of each group: in the metadata, or apart. */
function samplesOf(instance: DicomJson, signal: AbortSignal): Promise<(Uint8Array | undefined)[]> {
  return Promise.all(
    items(instance, Tag.WaveformSequence).map(async (group) => {
      const { InlineBinary, BulkDataURI } = group[Tag.WaveformData] ?? {}
      if (InlineBinary !== undefined)
        return Uint8Array.from(atob(InlineBinary), (letter) => letter.charCodeAt(0))
      return BulkDataURI === undefined ? undefined : fetched(BulkDataURI, signal)
    }),
  )
}
