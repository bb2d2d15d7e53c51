import { Link } from '@tanstack/react-router'
import {
  ArrowLeft,
  Axis3d,
  Box,
  CaretsToAxisDashedHorizontal,
  CaretsToAxisDashedVertical,
  Contrast,
  Columns2,
  Crosshair,
  Hand,
  Layers,
  Link2,
  ListChecks,
  Maximize,
  PanelLeft,
  Pause,
  Play,
  RotateCcw,
  RotateCw,
  SunMedium,
  Undo2,
  ZoomIn,
} from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import type { PrimaryTool } from '../imaging/pane-tools.ts'
import type { DraftStatus } from '../marks/keep-draft.ts'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { CommandMenu, PresetMenu, type BarCommand } from './bar-menus.tsx'
import { PatientStrip } from './patient-strip.tsx'
import { useSessionUser } from '../client/client-context.tsx'
import { DownloadStudy } from '../download/download-study.tsx'
import { ShareStudy } from '../share/share-study.tsx'
import { KeyboardHelp } from '../shell/keyboard-help.tsx'
import { UserMenu } from '../shell/user-menu.tsx'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './reading-bar.module.css'
import type { Link as ScrollLink } from './linked-scroll.ts'
import { isMarkKind } from './mark-keys.ts'
import { MarkMenu } from './mark-menu.tsx'
import { SlabMenu } from './mpr/slab-menu.tsx'
import type { Mpr } from './mpr/use-mpr.ts'
import type { VolumeControl } from './volume/use-volume.ts'
import { VolumeMenu } from './volume/volume-menu.tsx'
import { LayoutPicker } from './layout-picker.tsx'
import type { ReadingCommands } from './reading-commands.ts'
import type { WindowPreset } from './window-presets.ts'

interface ReadingBarProps {
  readonly opening: StudyOpening
  readonly tool: PrimaryTool
  readonly railShown: boolean
  readonly marksShown: boolean
  readonly marksStatus: DraftStatus
  readonly presets: readonly WindowPreset[]
  readonly commands: ReadingCommands
  readonly counts: { readonly loaded: number; readonly count: number }
  readonly cine: { readonly playing: boolean } | undefined
  readonly room: { readonly several: boolean; readonly hasPriors: boolean }
  /** How the panes are linked. */
  readonly linked: ScrollLink | undefined
  /** What else they do together, and windows beside this one. */
  readonly linkMenu: ReactNode
  readonly layout: ComponentProps<typeof LayoutPicker>
  readonly mpr: Mpr
  /** Segments by hand. */
  readonly segments: ReactNode
  /** One series over another. */
  readonly fusing: ReactNode
  readonly volume: VolumeControl
  /** By which protocol the study hangs. */
  readonly hanging: ReactNode
  /** How images leave the room. */
  readonly exporting: ReactNode
}

interface BarButton extends BarCommand {
  /** Whose key it shows, where that is not what it says. */
  readonly command?: string
  readonly pressed?: boolean
  readonly disabled?: boolean
  /** Something is wrong with what the button shows: the sentence says what. */
  readonly fault?: string | undefined
}

/** Two corners of a frame look like 'fit'; the figures say what it is. */
function OneToOne(): ReactNode {
  return <span className={styles.figures}>1:1</span>
}

/** The patient, always; the tools in groups; how much of the series is here. */
export function ReadingBar({
  opening,
  tool,
  railShown,
  marksShown,
  marksStatus,
  presets,
  commands,
  counts,
  cine,
  room,
  linked,
  linkMenu,
  layout,
  mpr,
  segments,
  fusing,
  volume,
  hanging,
  exporting,
}: ReadingBarProps): ReactNode {
  const { t } = useTexts()
  const { study } = opening
  const keyOf = useShownKeys()
  const primary = (which: PrimaryTool, text: TextKey, icon: BarButton['icon']): BarButton => ({
    text,
    icon,
    pressed: tool === which,
    run: () => commands.chooseTool(which),
  })
  const look: readonly BarButton[] = [
    { text: 'reading.invert', icon: Contrast, run: () => commands.invert() },
    { text: 'reading.fit', icon: Maximize, run: () => commands.fit() },
    { text: 'reading.one-to-one', icon: OneToOne, run: () => commands.oneToOne() },
    { text: 'reading.reset', icon: Undo2, run: () => commands.reset() },
  ]
  const turns: readonly BarButton[] = [
    { text: 'reading.rotate-left', icon: RotateCcw, run: () => commands.rotate(-90) },
    { text: 'reading.rotate-right', icon: RotateCw, run: () => commands.rotate(90) },
    {
      text: 'reading.flip-horizontal',
      // Left and right change places about an axis that stands.
      icon: CaretsToAxisDashedVertical,
      run: () => commands.flip('horizontal'),
    },
    {
      text: 'reading.flip-vertical',
      icon: CaretsToAxisDashedHorizontal,
      run: () => commands.flip('vertical'),
    },
  ]
  const roomButtons: readonly BarButton[] = [
    {
      text: 'reading.compare-prior',
      icon: Columns2,
      disabled: !room.hasPriors,
      run: () => commands.comparePrior(),
    },
    {
      text: 'reading.link',
      icon: Link2,
      disabled: !room.several,
      pressed: linked !== undefined,
      run: () => commands.link(),
    },
  ]
  const barButton = (button: BarButton): ReactNode => (
    <Tooltip
      key={button.text}
      text={button.fault ?? t(button.text)}
      shownKey={keyOf(button.command ?? button.text)}
    >
      <IconButton
        label={[t(button.text), button.fault].filter((part) => part !== undefined).join(': ')}
        className={button.fault === undefined ? undefined : styles.faulty}
        onClick={button.run}
        disabled={button.disabled}
        {...(button.pressed === undefined ? {} : { pressed: button.pressed })}
      >
        <button.icon size={18} strokeWidth={1.75} />
      </IconButton>
    </Tooltip>
  )
  const isGuest = useSessionUser().share !== null
  return (
    <header className={styles.bar}>
      {!isGuest && (
        <Tooltip text={t('reading.back')}>
          <Link to="/" className={styles.back} aria-label={t('reading.back')}>
            <ArrowLeft size={18} strokeWidth={1.75} />
          </Link>
        </Tooltip>
      )}
      <PatientStrip study={study} />
      {/* Left of the tools: words that come and go move no button under the mouse. */}
      <div className={styles.words}>
        <span className={classNames(styles.linked, linked === 'offset' && styles.caution)} role="status">
          {linked !== undefined && (
            <>
              <Link2 size={14} strokeWidth={1.75} aria-hidden="true" />
              {t(linked === 'position' ? 'reading.linked-position' : 'reading.linked-offset')}
            </>
          )}
        </span>
        <span className={styles.counts} role="status">
          {[
            counts.count > 1 &&
              // That all is here is no news, and how panes are linked takes its place.
              (linked === undefined || counts.loaded < counts.count) &&
              (counts.loaded >= counts.count
                ? t('reading.all-here', { count: counts.count })
                : t('reading.loaded', { loaded: counts.loaded, count: counts.count })),
            study.status === 'arriving' && t('reading.arriving'),
          ]
            .filter((part) => part !== false)
            .join(' · ')}
        </span>
      </div>
      <div className={styles.tools} role="toolbar" aria-label={t('reading.tools')}>
        <div className={styles.group}>
          {barButton({
            text: 'reading.rail-show',
            icon: PanelLeft,
            pressed: railShown,
            run: () => commands.toggleRail(),
          })}
        </div>
        <div className={styles.group}>
          {barButton(primary('window', 'reading.tool-window', SunMedium))}
          {presets.length > 0 && (
            <PresetMenu presets={presets} onChoose={commands.window} onKeep={commands.keepWindow} />
          )}
          {barButton(primary('pan', 'reading.tool-pan', Hand))}
          {barButton(primary('zoom', 'reading.tool-zoom', ZoomIn))}
          {barButton(primary('scroll', 'reading.tool-scroll', Layers))}
          {barButton(primary('place', 'mpr.tool-place', Crosshair))}
        </div>
        <div className={styles.group}>
          <div className={styles.roomy}>{look.map(barButton)}</div>
          <CommandMenu label={t('reading.turn-and-fit')} icon={RotateCw} groups={[turns, look]} />
        </div>
        {cine !== undefined && (
          <div className={styles.group}>
            {barButton({
              text: cine.playing ? 'reading.cine-stop' : 'reading.cine',
              command: 'reading.cine',
              icon: cine.playing ? Pause : Play,
              run: () => commands.toggleCine(),
            })}
          </div>
        )}
        <div className={styles.group}>
          <MarkMenu
            chosen={isMarkKind(tool) ? tool : undefined}
            onChoose={commands.chooseTool}
            onDetector={commands.takeDetector}
          />
          {barButton({
            text: 'reading.marks-show',
            icon: ListChecks,
            pressed: marksShown,
            fault: marksStatus === 'failed' ? t('reading.draft-failed') : undefined,
            run: () => commands.toggleMarks(),
          })}
          {segments}
        </div>
        <div className={styles.group}>
          <LayoutPicker {...layout} />
          {barButton({
            text: 'mpr.toggle',
            icon: Axis3d,
            pressed: mpr.isOn,
            run: () => commands.togglePlanes(),
          })}
          {mpr.isOn && mpr.session !== undefined && <SlabMenu mpr={mpr} session={mpr.session} />}
          {fusing}
          {barButton({
            text: 'volume.toggle',
            icon: Box,
            pressed: volume.isOn,
            run: () => volume.toggle(),
          })}
          {volume.looks !== undefined && <VolumeMenu control={volume} looks={volume.looks} />}
          {hanging}
          {roomButtons.map(barButton)}
          {linkMenu}
          {exporting}
        </div>
      </div>
      <div className={styles.end}>
        {!isGuest && <ShareStudy compact study={study} />}
        <DownloadStudy compact studyInstanceUid={study.studyInstanceUid} />
        <span className={styles.help}>
          <KeyboardHelp />
        </span>
        {!isGuest && <UserMenu compact />}
      </div>
    </header>
  )
}
