import { RotateCcw, X } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { KeyCombination } from '../../core/contract/reading-settings.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { combinationOf, keyText, type KeyChoices } from '../ui/key-binding.ts'
import { useKeyboardMap } from '../ui/keyboard.tsx'
import { allCommands } from './all-commands.ts'
import { clashes, isReserved, keyOf, rivalsOf, withKey, withKeyTaken, type Command } from './key-choice.ts'
import { KEY_SETS } from './ready-made.ts'
import { useChangeSettings, useReadingSettings } from './settings-context.tsx'
import styles from './settings.module.css'

/** A key that was pressed for a command and is somebody else's, or nobody's to give. */
interface Refused {
  readonly command: Command
  readonly key: KeyCombination
  readonly rivals: readonly Command[]
}

/** Every command with its key: press the one that it shall have. */
export function KeySettings({ sought }: { sought: string }): ReactNode {
  const { t } = useTexts()
  const change = useChangeSettings()
  const map = useKeyboardMap()
  const choices = useReadingSettings().keys ?? {}
  const commands = useMemo(() => allCommands(map.getFactory().flat()), [map])
  const [recording, setRecording] = useState<string>()
  const [refused, setRefused] = useState<Refused>()
  const shared = clashes(commands, choices)
  const set = (next: (before: KeyChoices) => KeyChoices): void =>
    change((before) => ({ ...before, keys: next(before.keys ?? {}) }))

  function press(event: KeyboardEvent, command: Command): void {
    if (recording !== command.id) return
    event.preventDefault()
    event.stopPropagation()
    const key = combinationOf(event.nativeEvent)
    if (key === undefined) return
    setRecording(undefined)
    if (key.code === 'Escape') return
    const rivals = rivalsOf(commands, command, key, choices)
    if (isReserved(key) || rivals.length > 0) setRefused({ command, key, rivals })
    else {
      setRefused(undefined)
      set((before) => withKey(before, command, key))
    }
  }

  const listed = commands.filter((command) => {
    const key = keyOf(command, choices)
    const words = `${t(command.text)} ${t(command.group)} ${key === undefined ? '' : keyText(key)}`
    return words.toLowerCase().includes(sought)
  })
  const groups = [...new Set(listed.map(({ group }) => group))]
  return (
    <section aria-label={t('settings.keys')} data-settings="keys">
      {sought === '' && (
        <div className={styles.sets}>
          <span>{t('settings.keys-like')}</span>
          {KEY_SETS.map(({ name, chosen }) => (
            <Button key={name} onClick={() => set(() => chosen)}>
              {name}
            </Button>
          ))}
          <Button kind="quiet" onClick={() => set(() => ({}))}>
            {t('settings.reset-all')}
          </Button>
        </div>
      )}
      {refused !== undefined && (
        <div className={styles.conflict} role="alert">
          {isReserved(refused.key)
            ? t('settings.reserved', { key: keyText(refused.key) })
            : t('settings.taken', {
                key: keyText(refused.key),
                command: refused.rivals.map(({ text }) => t(text)).join(', '),
              })}
          {!isReserved(refused.key) && (
            <Button
              onClick={() => {
                set((before) => withKeyTaken(before, commands, refused.command, refused.key))
                setRefused(undefined)
              }}
            >
              {t('settings.take', { command: t(refused.command.text) })}
            </Button>
          )}
          <Button kind="quiet" onClick={() => setRefused(undefined)}>
            {t('settings.leave')}
          </Button>
        </div>
      )}
      {groups.map((group) => (
        <div key={group} className={styles.group}>
          <h3>{t(group)}</h3>
          <ul className={styles.keys}>
            {listed
              .filter((command) => command.group === group)
              .map((command) => {
                const key = keyOf(command, choices)
                const name = t(command.text)
                const rivals = shared.get(command.id)
                return (
                  <li key={command.id} data-command={command.id}>
                    <span>{name}</span>
                    {rivals !== undefined && (
                      <em title={rivals.map(({ text }) => t(text)).join(', ')}>{t('settings.shared')}</em>
                    )}
                    <button
                      type="button"
                      className={styles.key}
                      aria-label={t('settings.change-key', {
                        command: name,
                        key: key === undefined ? t('settings.no-key') : keyText(key),
                      })}
                      aria-pressed={recording === command.id}
                      onClick={() => setRecording(command.id)}
                      onBlur={() => setRecording(undefined)}
                      onKeyDown={(event) => press(event, command)}
                    >
                      {recording === command.id
                        ? t('settings.press')
                        : key === undefined
                          ? '—'
                          : keyText(key)}
                    </button>
                    <IconButton
                      label={t('settings.remove-key', { command: name })}
                      disabled={key === undefined}
                      onClick={() => set((before) => withKey(before, command, undefined))}
                    >
                      <X size={14} strokeWidth={1.75} />
                    </IconButton>
                    <IconButton
                      label={t('settings.reset-key', { command: name })}
                      disabled={choices[command.id] === undefined}
                      onClick={() => set((before) => withKey(before, command, command.factory))}
                    >
                      <RotateCcw size={14} strokeWidth={1.75} />
                    </IconButton>
                  </li>
                )
              })}
          </ul>
        </div>
      ))}
    </section>
  )
}
