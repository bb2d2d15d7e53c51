import { Blend, Brush, CircleSlash2, Eraser, Layers2, PaintBucket, Plus } from 'lucide-react'
import { useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import type { TextKey } from '../../locales/text-key.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { spacing } from '../../imaging/frames/frame-metadata.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { LEAST_RADIUS, MOST_RADIUS, type Painting } from '../../segments/painting.ts'
import type { Segments } from '../../segments/use-segments.ts'
import { IconButton } from '../../ui/button.tsx'
import { useShownKeys } from '../../ui/keyboard.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { SegmentCommands } from './segment-commands.ts'
import styles from './segments-panel.module.css'

interface BrushControlsProps {
  readonly segments: Segments
  readonly commands: SegmentCommands
  readonly isPainting: boolean
  readonly shownImage: () => StackImage | undefined
}

interface Control {
  readonly text: TextKey
  readonly icon: ComponentType<{ size?: number; strokeWidth?: number }>
  readonly pressed?: boolean
  readonly run: () => void
}

/** What is in the hand that paints, and what is done to what was painted. */
export function BrushControls({ segments, commands, isPainting, shownImage }: BrushControlsProps): ReactNode {
  const { painting } = segments
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const brush = useSyncExternalStore(painting.subscribe, painting.brush)
  const control = ({ text, icon: Icon, pressed, run }: Control): ReactNode => (
    <Tooltip key={text} text={t(text)} shownKey={keyOf(text)}>
      <IconButton label={t(text)} onClick={run} {...(pressed === undefined ? {} : { pressed })}>
        <Icon size={18} strokeWidth={1.75} />
      </IconButton>
    </Tooltip>
  )
  const hand: readonly Control[] = [
    {
      text: 'segments.brush',
      icon: Brush,
      pressed: isPainting && brush.mode === 'brush',
      run: () => commands.choose('brush'),
    },
    {
      text: 'segments.threshold',
      icon: Blend,
      pressed: isPainting && brush.mode === 'threshold',
      run: () => commands.choose('threshold'),
    },
    {
      text: 'segments.eraser',
      icon: Eraser,
      pressed: brush.erases,
      run: commands.toggleEraser,
    },
  ]
  const edits: readonly Control[] = [
    { text: 'segments.fill-between', icon: Layers2, run: commands.fillBetween },
    { text: 'segments.fill-holes', icon: PaintBucket, run: commands.fillHoles },
    { text: 'segments.clear', icon: CircleSlash2, run: commands.clear },
    { text: 'segments.new', icon: Plus, run: commands.add },
  ]
  return (
    <div className={styles.controls}>
      <div className={styles.buttons} role="toolbar" aria-label={t('segments.title')}>
        {hand.map(control)}
        <span className={styles.gap} />
        {edits.map(control)}
      </div>
      <label className={styles.field}>
        {t('segments.size')}
        <input
          type="range"
          min={Math.log(LEAST_RADIUS)}
          max={Math.log(MOST_RADIUS)}
          step={0.05}
          value={Math.log(brush.radius)}
          onChange={(event) => painting.choose({ radius: Math.exp(Number(event.target.value)) })}
          // The keys are the image's again.
          onPointerUp={(event) => event.currentTarget.blur()}
        />
        <span className={styles.figure}>{displaySize(brush.radius, shownImage(), t)}</span>
      </label>
      {brush.mode === 'threshold' && (
        <div className={styles.field}>
          {t('segments.range')}
          <Bound painting={painting} which="from" label={t('segments.from')} />
          –
          <Bound painting={painting} which="to" label={t('segments.to')} />
        </div>
      )}
    </div>
  )
}

function Bound({
  painting,
  which,
  label,
}: {
  readonly painting: Painting
  readonly which: 'from' | 'to'
  readonly label: string
}): ReactNode {
  const value = painting.brush()[which]
  return (
    <input
      key={value}
      type="number"
      step="any"
      className={styles.bound}
      aria-label={label}
      defaultValue={value}
      onBlur={(event) => {
        const next = event.target.valueAsNumber
        if (Number.isFinite(next)) painting.choose({ [which]: next })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}

/** From edge to edge. */
function displaySize(
  radius: number,
  image: StackImage | undefined,
  t: ReturnType<typeof useTexts>['t'],
): string {
  const { column, known } = image === undefined ? { column: 1, known: false } : spacing(image)
  const size = 2 * radius * (known ? column : 1)
  return t(known ? 'segments.size-mm' : 'segments.size-px', {
    size: size < 10 ? size.toFixed(1) : size.toFixed(0),
  })
}
