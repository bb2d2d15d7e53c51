import { Redo2, Undo2 } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import type { StudyOpening } from '../../../core/contract/api.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { errorText } from '../../locales/error-text.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import type { ImagePlace } from '../../objects/image-place.ts'
import { isToSave, type Segments } from '../../segments/use-segments.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useShownKeys } from '../../ui/keyboard.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { BrushControls } from './brush-controls.tsx'
import type { SegmentCommands } from './segment-commands.ts'
import { SegmentRow } from './segment-row.tsx'
import styles from './segments-panel.module.css'
import { useStacks } from './use-stacks.ts'

interface SegmentsPanelProps {
  readonly opening: StudyOpening
  readonly segments: Segments
  readonly commands: SegmentCommands
  readonly isPainting: boolean
  /** In the active pane, when it is asked. */
  readonly shownImage: () => StackImage | undefined
  readonly maySave: boolean
  readonly onGo: (place: ImagePlace) => void
}

/** The brush, and all that was outlined: jumps to it, names, hides and deletes it, measures it, and saves it. */
export function SegmentsPanel(props: SegmentsPanelProps): ReactNode {
  const { opening, segments, commands, onGo } = props
  const { painting } = segments
  const { store } = painting
  const { t } = useTexts()
  const list = useSyncExternalStore(store.subscribe, store.list)
  const active = useSyncExternalStore(painting.subscribe, painting.active)
  const stacks = useStacks(opening, list)
  return (
    <aside className={styles.panel} aria-label={t('segments.title')}>
      <header className={styles.head}>
        <h2>{t('segments.title')}</h2>
        <IconButton label={t('segments.undo')} disabled={!store.canUndo()} onClick={commands.undo}>
          <Undo2 size={16} strokeWidth={1.75} />
        </IconButton>
        <IconButton label={t('segments.redo')} disabled={!store.canRedo()} onClick={commands.redo}>
          <Redo2 size={16} strokeWidth={1.75} />
        </IconButton>
      </header>
      <BrushControls {...props} />
      <div className={styles.lists}>
        {list.length === 0 && (
          <div className={styles.empty}>
            <b>{t('segments.empty')}</b>
            <p>{t('segments.empty-text')}</p>
          </div>
        )}
        <ol className={styles.list}>
          {list.map((segment) => (
            <SegmentRow
              key={segment.trackingUid}
              segment={segment}
              isActive={segment.trackingUid === active?.trackingUid}
              painting={painting}
              stack={stacks.get(segment.seriesInstanceUid)}
              onGo={onGo}
            />
          ))}
        </ol>
      </div>
      <Footer {...props} isNothing={!list.some((each) => isToSave(each, opening.study.studyInstanceUid))} />
    </aside>
  )
}

function Footer({
  segments: { saving, status },
  commands,
  maySave,
  isNothing,
}: SegmentsPanelProps & { readonly isNothing: boolean }): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const note =
    saving.kind === 'saving'
      ? t('segments.saving')
      : saving.kind === 'saved'
        ? t('segments.saved', { count: saving.count })
        : saving.kind === 'failed'
          ? t('segments.save-failed', {
              reason: saving.error === undefined ? '' : errorText(t, saving.error),
            }).trim()
          : t(`reading.draft-${status}`)
  const isFault = saving.kind === 'failed' || (saving.kind === 'idle' && status === 'failed')
  return (
    <footer className={styles.foot}>
      <p className={classNames(styles.note, isFault && styles.fault)} role="status">
        {note}
      </p>
      {maySave && (
        <Tooltip text={t('segments.save')} shownKey={keyOf('segments.save')}>
          <Button kind="primary" disabled={saving.kind === 'saving' || isNothing} onClick={commands.save}>
            {t('segments.save')}
          </Button>
        </Tooltip>
      )}
    </footer>
  )
}
