import { Link } from '@tanstack/react-router'
import {
  ArrowLeft,
  Contrast,
  FlipHorizontal2,
  FlipVertical2,
  Columns2,
  Hand,
  Layers,
  Link2,
  ListChecks,
  Maximize,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
  SunMedium,
  Undo2,
  ZoomIn,
} from 'lucide-react'
import type { ComponentProps, ComponentType, ReactNode } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { KeyboardHelp } from '../shell/keyboard-help.tsx'
import { UserMenu } from '../shell/user-menu.tsx'
import { IconButton } from '../ui/button.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './reading-bar.module.css'
import type { Link as ScrollLink } from './linked-scroll.ts'
import { isMarkKind } from './mark-keys.ts'
import { MarkMenu } from './mark-menu.tsx'
import { LayoutPicker } from './layout-picker.tsx'
import type { ReadingCommands } from './reading-keys.ts'
import type { WindowPreset } from './window-presets.ts'

interface ReadingBarProps {
  readonly opening: StudyOpening
  readonly tool: PrimaryTool
  readonly marksShown: boolean
  readonly presets: readonly WindowPreset[]
  readonly commands: ReadingCommands
  readonly counts: { readonly loaded: number; readonly count: number }
  readonly cine: { readonly playing: boolean } | undefined
  readonly room: { readonly several: boolean; readonly hasPriors: boolean }
  /** How the panes are linked. */
  readonly linked: ScrollLink | undefined
  readonly layout: ComponentProps<typeof LayoutPicker>
}

interface BarButton {
  readonly text: TextKey
  readonly shownKey: string
  readonly icon: ComponentType<{ size?: number; strokeWidth?: number }>
  readonly run: () => void
  readonly pressed?: boolean
  readonly disabled?: boolean
}

/** Two corners of a frame look like 'fit'; the figures say what it is. */
function OneToOne(): ReactNode {
  return <span className={styles.figures}>1:1</span>
}

/** The patient, always; the tools in groups; how much of the series is here. */
export function ReadingBar({
  opening,
  tool,
  marksShown,
  presets,
  commands,
  counts,
  cine,
  room,
  linked,
  layout,
}: ReadingBarProps): ReactNode {
  const { t, language } = useTexts()
  const { study } = opening
  const name = displayPersonName(study.patientName, language)
  const primary = (
    which: PrimaryTool,
    text: TextKey,
    shownKey: string,
    icon: BarButton['icon'],
  ): BarButton => ({
    text,
    shownKey,
    icon,
    pressed: tool === which,
    run: () => commands.chooseTool(which),
  })
  const groups: readonly (readonly BarButton[])[] = [
    [
      primary('window', 'reading.tool-window', 'W', SunMedium),
      primary('pan', 'reading.tool-pan', 'P', Hand),
      primary('zoom', 'reading.tool-zoom', 'Z', ZoomIn),
      primary('scroll', 'reading.tool-scroll', 'S', Layers),
    ],
    [
      { text: 'reading.invert', shownKey: 'I', icon: Contrast, run: () => commands.invert() },
      { text: 'reading.rotate-left', shownKey: 'L', icon: RotateCcw, run: () => commands.rotate(-90) },
      { text: 'reading.rotate-right', shownKey: 'R', icon: RotateCw, run: () => commands.rotate(90) },
      {
        text: 'reading.flip-horizontal',
        shownKey: 'H',
        icon: FlipHorizontal2,
        run: () => commands.flip('horizontal'),
      },
      {
        text: 'reading.flip-vertical',
        shownKey: 'V',
        icon: FlipVertical2,
        run: () => commands.flip('vertical'),
      },
    ],
    [
      { text: 'reading.fit', shownKey: '=', icon: Maximize, run: () => commands.fit() },
      { text: 'reading.one-to-one', shownKey: 'O', icon: OneToOne, run: () => commands.oneToOne() },
      { text: 'reading.reset', shownKey: '␣', icon: Undo2, run: () => commands.reset() },
    ],
    cine === undefined
      ? []
      : [
          {
            text: cine.playing ? 'reading.cine-stop' : 'reading.cine',
            shownKey: 'C',
            icon: cine.playing ? Pause : Play,
            run: () => commands.toggleCine(),
          },
        ],
  ]
  const roomButtons: readonly BarButton[] = [
    {
      text: 'reading.compare-prior',
      shownKey: 'B',
      icon: Columns2,
      disabled: !room.hasPriors,
      run: () => commands.comparePrior(),
    },
    {
      text: 'reading.link',
      shownKey: 'Y',
      icon: Link2,
      disabled: !room.several,
      pressed: linked !== undefined,
      run: () => commands.link(),
    },
  ]
  const barButton = (button: BarButton): ReactNode => (
    <Tooltip key={button.text} text={t(button.text)} shownKey={button.shownKey}>
      <IconButton
        label={t(button.text)}
        onClick={button.run}
        disabled={button.disabled}
        {...(button.pressed === undefined ? {} : { pressed: button.pressed })}
      >
        <button.icon size={18} strokeWidth={1.75} />
      </IconButton>
    </Tooltip>
  )
  return (
    <header className={styles.bar}>
      <Tooltip text={t('reading.back')}>
        <Link to="/" className={styles.back} aria-label={t('reading.back')}>
          <ArrowLeft size={18} strokeWidth={1.75} />
        </Link>
      </Tooltip>
      <div className={styles.patient}>
        <b>{name.primary || study.patientId || '–'}</b>
        {name.secondary !== '' && <span>{name.secondary}</span>}
        <span>{study.patientId}</span>
        <span>{study.patientSex}</span>
        <span className={styles.quiet}>
          {displayDicomDate(study.studyDate)} {study.studyDescription}
        </span>
      </div>
      <div className={styles.tools} role="toolbar" aria-label={t('reading.tools')}>
        {groups.map(
          (group, index) =>
            group.length > 0 && (
              <div key={index} className={styles.group}>
                {group.map(barButton)}
              </div>
            ),
        )}
        <div className={styles.group}>
          <MarkMenu chosen={isMarkKind(tool) ? tool : undefined} onChoose={commands.chooseTool} />
          {barButton({
            text: 'reading.marks-show',
            shownKey: 'M',
            icon: ListChecks,
            pressed: marksShown,
            run: () => commands.toggleMarks(),
          })}
        </div>
        <div className={styles.group}>
          <LayoutPicker {...layout} />
          {roomButtons.map(barButton)}
        </div>
        {presets.length > 0 && (
          <select
            className={styles.presets}
            aria-label={t('reading.preset')}
            value=""
            onChange={(event) => {
              const preset = presets[Number(event.target.value)]
              commands.window(preset)
              event.target.blur()
            }}
          >
            <option value="" disabled>
              {t('reading.preset')}
            </option>
            <option value="-1">{t('reading.preset-auto')}</option>
            {presets.map((preset, index) => (
              <option key={index} value={index}>
                {index < 9 ? `${index + 1} ` : ''}
                {preset.name || t(preset.text)} {preset.width}/{preset.center}
              </option>
            ))}
          </select>
        )}
      </div>
      <div className={styles.end}>
        <span className={styles.counts} role="status">
          {linked !== undefined &&
            `${t(linked === 'position' ? 'reading.linked-position' : 'reading.linked-offset')} · `}
          {counts.count > 1 &&
            (counts.loaded >= counts.count
              ? t('reading.all-here', { count: counts.count })
              : t('reading.loaded', { loaded: counts.loaded, count: counts.count }))}
          {study.status === 'arriving' && ` · ${t('reading.arriving')}`}
        </span>
        <KeyboardHelp />
        <UserMenu />
      </div>
    </header>
  )
}
