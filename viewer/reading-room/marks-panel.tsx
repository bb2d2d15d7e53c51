import { Eye, EyeOff, Redo2, Trash2, Undo2 } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { markLines } from '../marks/mark-lines.ts'
import type { DraftStatus } from '../marks/keep-draft.ts'
import type { Mark } from '../marks/mark.ts'
import type { MarkStore } from '../marks/mark-store.ts'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './marks-panel.module.css'

interface MarksPanelProps {
  readonly store: MarkStore
  readonly status: DraftStatus
  /** Where a mark is, in words: series and image. */
  readonly placeOf: (mark: Mark) => string
  readonly onGo: (mark: Mark) => void
}

/** All that was measured: jumps to it, names, hides and deletes it. */
export function MarksPanel({ store, status, placeOf, onGo }: MarksPanelProps): ReactNode {
  const { t } = useTexts()
  const marks = useSyncExternalStore(store.subscribe, store.list)
  return (
    <aside className={styles.panel} aria-label={t('reading.marks')}>
      <header className={styles.head}>
        <h2>{t('reading.marks')}</h2>
        <IconButton label={t('reading.undo')} disabled={!store.canUndo()} onClick={() => store.undo()}>
          <Undo2 size={16} strokeWidth={1.75} />
        </IconButton>
        <IconButton label={t('reading.redo')} disabled={!store.canRedo()} onClick={() => store.redo()}>
          <Redo2 size={16} strokeWidth={1.75} />
        </IconButton>
      </header>
      {marks.length === 0 ? (
        <div className={styles.empty}>
          <b>{t('reading.marks-empty')}</b>
          <p>{t('reading.marks-empty-text')}</p>
        </div>
      ) : (
        <ol className={styles.list}>
          {marks.map((mark) => (
            <li key={mark.trackingUid} className={classNames(styles.mark, mark.hidden && styles.hidden)}>
              <button type="button" className={styles.go} onClick={() => onGo(mark)}>
                <b>
                  {markLines({ ...mark, label: '' }, t).join(' · ') ||
                    t(`reading.mark-${mark.geometry.kind}`)}
                </b>
                <span>{placeOf(mark)}</span>
              </button>
              <IconButton
                label={t(mark.hidden ? 'reading.mark-unhide' : 'reading.mark-hide')}
                onClick={() => store.setHidden(mark.trackingUid, !mark.hidden)}
              >
                {mark.hidden ? <EyeOff size={16} strokeWidth={1.75} /> : <Eye size={16} strokeWidth={1.75} />}
              </IconButton>
              <IconButton label={t('reading.mark-delete')} onClick={() => store.remove(mark.trackingUid)}>
                <Trash2 size={16} strokeWidth={1.75} />
              </IconButton>
              <input
                className={styles.name}
                aria-label={t('reading.mark-rename')}
                placeholder={t(`reading.mark-${mark.geometry.kind}`)}
                defaultValue={mark.label}
                maxLength={64}
                onBlur={(event) => {
                  const label = event.target.value.trim()
                  if (label !== mark.label) store.rename(mark.trackingUid, label)
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur()
                }}
              />
            </li>
          ))}
        </ol>
      )}
      <p className={classNames(styles.note, status === 'failed' && styles.fault)} role="status">
        {t(`reading.draft-${status}`)}
      </p>
    </aside>
  )
}
