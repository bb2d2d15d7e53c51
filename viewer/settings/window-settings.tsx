import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { OwnWindow } from '../../core/contract/reading-settings.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { CT_PRESETS } from '../reading-room/window-presets.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { inputClass } from '../ui/field.tsx'
import { useChangeSettings, useReadingSettings, type SettingsWish } from './settings-context.tsx'
import styles from './settings.module.css'

const MODALITIES = ['CT', 'MR', 'PT', 'CR', 'DX', 'MG', 'XA', 'RF', 'NM', 'US', 'OT'] as const

/** Window presets by modality, in the order of the number keys. */
export function WindowSettings({ keep }: { keep: SettingsWish['keep'] }): ReactNode {
  const { t } = useTexts()
  const change = useChangeSettings()
  const windows = useReadingSettings().windows ?? {}
  const [modality, setModality] = useState(keep?.modality ?? 'CT')
  const offered = [...new Set([...MODALITIES, ...Object.keys(windows), modality])]
  const factory: readonly OwnWindow[] =
    modality === 'CT' ? CT_PRESETS.map(({ text, width, center }) => ({ name: t(text), width, center })) : []
  const own = windows[modality]
  const list = own ?? factory
  const set = (next: (before: readonly OwnWindow[]) => readonly OwnWindow[]): void =>
    change((before) => ({
      ...before,
      windows: { ...before.windows, [modality]: [...next(before.windows?.[modality] ?? factory)] },
    }))
  const restore = (): void =>
    change((before) => {
      const others = Object.entries(before.windows ?? {}).filter(([each]) => each !== modality)
      return { ...before, windows: Object.fromEntries(others) }
    })
  const move = (from: number, by: 1 | -1): void =>
    set((before) => {
      const moved = before[from]
      const others = before.filter((_, index) => index !== from)
      return moved === undefined ? before : others.toSpliced(from + by, 0, moved)
    })
  return (
    <section aria-label={t('settings.windows')} data-settings="windows">
      <div className={styles.sets}>
        <label>
          {t('settings.modality')}{' '}
          <select value={modality} onChange={(event) => setModality(event.target.value)}>
            {offered.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <Button kind="quiet" disabled={own === undefined} onClick={restore}>
          {t('settings.reset-all')}
        </Button>
      </div>
      <p className={styles.note}>
        {t(modality === 'PT' ? 'settings.windows-uptake' : 'settings.windows-note')}
      </p>
      <ol className={styles.windows}>
        {list.map((each, index) => (
          <WindowRow
            key={`${modality} ${index}`}
            number={index + 1}
            window={each}
            onChange={(next) => set((before) => before.with(index, next))}
          >
            <IconButton
              label={t('settings.window-earlier', { name: each.name })}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            >
              <ArrowUp size={14} strokeWidth={1.75} />
            </IconButton>
            <IconButton
              label={t('settings.window-later', { name: each.name })}
              disabled={index === list.length - 1}
              onClick={() => move(index, 1)}
            >
              <ArrowDown size={14} strokeWidth={1.75} />
            </IconButton>
            <IconButton
              label={t('settings.window-delete', { name: each.name })}
              onClick={() => set((before) => before.filter((_, at) => at !== index))}
            >
              <X size={14} strokeWidth={1.75} />
            </IconButton>
          </WindowRow>
        ))}
      </ol>
      <NewWindow
        key={`${modality} ${list.length}`}
        start={keep?.modality === modality ? keep.window : undefined}
        onAdd={(added) => set((before) => [...before, added])}
      />
    </section>
  )
}

interface WindowRowProps {
  readonly number: number
  readonly window: OwnWindow
  readonly onChange: (window: OwnWindow) => void
  readonly children: ReactNode
}

function WindowRow({ number, window, onChange, children }: WindowRowProps): ReactNode {
  return (
    <li>
      <kbd>{number <= 9 ? number : ''}</kbd>
      <KeptFields key={JSON.stringify(window)} window={window} onChange={onChange} />
      {children}
    </li>
  )
}

/** Kept when the last of the fields is left or at Enter, if it is a window: not between them, where the focus would be lost. */
function KeptFields({ window, onChange }: Pick<WindowRowProps, 'window' | 'onChange'>): ReactNode {
  const [draft, setDraft] = useState(textsOf(window))
  const keep = (): void => {
    const written = windowOf(draft)
    if (written !== undefined && JSON.stringify(written) !== JSON.stringify(window)) onChange(written)
  }
  return (
    <span
      className={styles.fields}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) keep()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) keep()
      }}
    >
      <WindowFields draft={draft} onChange={setDraft} />
    </span>
  )
}

function NewWindow({
  start,
  onAdd,
}: {
  start: Omit<OwnWindow, 'name'> | undefined
  onAdd: (window: OwnWindow) => void
}): ReactNode {
  const { t } = useTexts()
  const [draft, setDraft] = useState(
    start === undefined ? { name: '', width: '', center: '' } : textsOf({ name: '', ...start }),
  )
  const written = windowOf(draft)
  return (
    <form
      className={styles.added}
      onSubmit={(event) => {
        event.preventDefault()
        if (written !== undefined) onAdd(written)
      }}
    >
      <WindowFields draft={draft} onChange={setDraft} autoFocus={start !== undefined} />
      <Button type="submit" disabled={written === undefined}>
        {t('settings.window-add')}
      </Button>
    </form>
  )
}

type Draft = Readonly<Record<keyof OwnWindow, string>>

function WindowFields({
  draft,
  onChange,
  autoFocus = false,
}: {
  draft: Draft
  onChange: (draft: Draft) => void
  autoFocus?: boolean
}): ReactNode {
  const { t } = useTexts()
  return (['name', 'width', 'center'] as const).map((field) => (
    <input
      key={field}
      className={inputClass}
      aria-label={t(`settings.window-${field}`)}
      placeholder={t(`settings.window-${field}`)}
      inputMode={field === 'name' ? 'text' : 'decimal'}
      maxLength={40}
      autoFocus={autoFocus && field === 'name'}
      value={draft[field]}
      onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
    />
  ))
}

const textsOf = ({ name, width, center }: OwnWindow): Draft => ({
  name,
  width: String(width),
  center: String(center),
})

/** Undefined: not one yet. */
function windowOf({ name, width, center }: Draft): OwnWindow | undefined {
  const [wide, middle] = [Number(width), Number(center)]
  const isWindow =
    name.trim() !== '' && center.trim() !== '' && Number.isFinite(middle) && Number.isFinite(wide) && wide > 0
  return isWindow ? { name: name.trim(), width: wide, center: middle } : undefined
}
