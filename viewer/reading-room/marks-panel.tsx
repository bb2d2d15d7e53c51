import { Eye, EyeOff, Pencil, Redo2, Trash2, Undo2 } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import { KEY_TITLES, KeyTitle } from '../../core/measurements/shapes.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { markLines } from '../marks/mark-lines.ts'
import type { DraftStatus } from '../marks/keep-draft.ts'
import type { Mark } from '../marks/mark.ts'
import { noMillimetres } from '../marks/no-millimetres.ts'
import type { MarkStore } from '../marks/mark-store.ts'
import type { SavedMarks, ShownReport } from '../marks/saved-marks.ts'
import type { SavingState } from '../marks/use-saved-marks.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { LevelChoice, isVertebra } from './measuring/level-choice.tsx'
import styles from './marks-panel.module.css'

interface MarksPanelProps {
  readonly store: MarkStore
  readonly status: DraftStatus
  readonly saved: SavedMarks
  readonly saving: SavingState
  /** Makes a report; absent for those who may not. */
  readonly onSave?: () => void
  /** Whether a mark is on another study than the one that is read: a report of that study is not made here. */
  readonly isElsewhere: (mark: Mark) => boolean
  /** Where a mark is, in words: series and image. */
  readonly placeOf: (mark: Mark) => string
  readonly onGo: (mark: Mark) => void
}

/** All that was measured: jumps to it, names, hides and deletes it; saves it as a report, and has what was saved. */
export function MarksPanel(props: MarksPanelProps): ReactNode {
  const { store, saved } = props
  const { t } = useTexts()
  const marks = useSyncExternalStore(store.subscribe, store.list)
  const reports = useSyncExternalStore(saved.subscribe, saved.reports)
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
      <div className={styles.lists}>
        {marks.length + reports.length === 0 && (
          <div className={styles.empty}>
            <b>{t('reading.marks-empty')}</b>
            <p>{t('reading.marks-empty-text')}</p>
          </div>
        )}
        {marks.length > 0 && (
          <ol className={styles.list}>
            {marks.map((mark) => (
              <DraftRow key={mark.trackingUid} mark={mark} {...props} />
            ))}
          </ol>
        )}
        {reports.map((report) => (
          <Report key={report.sopInstanceUid} report={report} {...props} />
        ))}
      </div>
      <Footer marks={marks} {...props} />
    </aside>
  )
}

function DraftRow({ mark, store, ...props }: MarksPanelProps & { mark: Mark }): ReactNode {
  const { t } = useTexts()
  return (
    <li className={classNames(styles.mark, mark.hidden && styles.hidden)}>
      <Figures mark={mark} {...props} />
      {isVertebra(mark) && <LevelChoice mark={mark} store={store} className={styles.title} />}
      {mark.geometry.kind === 'key' ? (
        <KeyTitleChoice
          title={mark.geometry.title}
          onChoose={(title) => store.put({ ...mark, geometry: { kind: 'key', title } })}
        />
      ) : (
        <HideButton mark={mark} onHide={(hidden) => store.setHidden(mark.trackingUid, hidden)} />
      )}
      <IconButton label={t('reading.mark-delete')} onClick={() => store.remove(mark.trackingUid)}>
        <Trash2 size={16} strokeWidth={1.75} />
      </IconButton>
      <input
        key={mark.label}
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
  )
}

/** For what an image is key. */
function KeyTitleChoice({
  title,
  onChoose,
}: {
  readonly title: KeyTitle
  readonly onChoose: (title: KeyTitle) => void
}): ReactNode {
  const { t } = useTexts()
  return (
    <select
      className={styles.title}
      aria-label={t('reading.key-title')}
      value={title}
      onChange={(event) => onChoose(KeyTitle.parse(event.target.value))}
    >
      {KEY_TITLES.map((each) => (
        <option key={each} value={each}>
          {t(`reading.key-title-${each}`)}
        </option>
      ))}
    </select>
  )
}

/** What is in a report stays there as it is; it is changed by taking it into the draft, and saving that. */
function Report({ report, saved, ...props }: MarksPanelProps & { report: ShownReport }): ReactNode {
  const { t, language } = useTexts()
  const { observer, marks, undrawn } = report
  const who = observer?.Ideographic ?? observer?.Alphabetic ?? ''
  const when = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)/.exec(report.contentDate + report.contentTime)
  const shownWhen =
    when === null
      ? ''
      : new Date(`${when[1]}-${when[2]}-${when[3]}T${when[4]}:${when[5]}:00`).toLocaleString(language, {
          dateStyle: 'medium',
          timeStyle: 'short',
        })
  return (
    <section aria-label={t('reading.reports')}>
      <h3 className={styles.report}>
        <b>{t('reading.reports')}</b>
        <span>{[shownWhen, who.replaceAll('^', ' ')].filter((part) => part !== '').join(' · ')}</span>
      </h3>
      <ol className={styles.list}>
        {marks.map((mark) => (
          <li
            key={mark.trackingUid}
            className={classNames(styles.mark, mark.hidden && styles.hidden)}
            data-saved=""
          >
            <Figures mark={mark} {...props} named />
            <HideButton mark={mark} onHide={(hidden) => saved.setHidden(mark.trackingUid, hidden)} />
            {props.onSave !== undefined && (
              <Tooltip text={t('reading.mark-change')}>
                <IconButton
                  label={t('reading.mark-change')}
                  onClick={() => saved.put({ ...mark, hidden: false })}
                >
                  <Pencil size={16} strokeWidth={1.75} />
                </IconButton>
              </Tooltip>
            )}
          </li>
        ))}
      </ol>
      {undrawn > 0 && <p className={styles.undrawn}>{t('reading.report-undrawn', { count: undrawn })}</p>}
    </section>
  )
}

function Figures({
  mark,
  named = false,
  placeOf,
  onGo,
}: Pick<MarksPanelProps, 'placeOf' | 'onGo'> & { mark: Mark; named?: boolean }): ReactNode {
  const { t } = useTexts()
  const why = noMillimetres(mark)
  const lines = markLines(named ? mark : { ...mark, label: '' }, t).join(' · ')
  return (
    <button type="button" className={styles.go} onClick={() => onGo(mark)}>
      <b>{lines || t(`reading.mark-${mark.geometry.kind}`)}</b>
      <span>{placeOf(mark)}</span>
      {why !== undefined && <span>{t(why)}</span>}
    </button>
  )
}

function HideButton({ mark, onHide }: { mark: Mark; onHide: (hidden: boolean) => void }): ReactNode {
  const { t } = useTexts()
  return (
    <IconButton
      label={t(mark.hidden ? 'reading.mark-unhide' : 'reading.mark-hide')}
      onClick={() => onHide(!mark.hidden)}
    >
      {mark.hidden ? <EyeOff size={16} strokeWidth={1.75} /> : <Eye size={16} strokeWidth={1.75} />}
    </IconButton>
  )
}

/** What becomes of the draft, and of the report when one is made. */
function Footer({
  marks,
  status,
  saving,
  onSave,
  isElsewhere,
}: MarksPanelProps & { marks: readonly Mark[] }): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const elsewhere = marks.filter(isElsewhere).length
  const note =
    saving.kind === 'saving'
      ? t('reading.saving-marks')
      : saving.kind === 'saved'
        ? t('reading.saved-marks', { count: saving.count })
        : saving.kind === 'failed'
          ? t('reading.save-failed', {
              reason: saving.error === undefined ? '' : errorText(t, saving.error),
            }).trim()
          : t(`reading.draft-${status}`)
  const isFault = saving.kind === 'failed' || (saving.kind === 'idle' && status === 'failed')
  return (
    <footer className={styles.foot}>
      <p className={classNames(styles.note, isFault && styles.fault)} role="status">
        {note}
      </p>
      {onSave !== undefined && elsewhere > 0 && (
        <p className={styles.note}>{t('reading.save-elsewhere', { count: elsewhere })}</p>
      )}
      {onSave !== undefined && (
        <Tooltip text={t('reading.save-marks')} shownKey={keyOf('reading.save-marks')}>
          <Button
            kind="primary"
            disabled={saving.kind === 'saving' || marks.length === elsewhere}
            onClick={onSave}
          >
            {t('reading.save-marks')}
          </Button>
        </Tooltip>
      )}
    </footer>
  )
}
