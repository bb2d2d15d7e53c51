import { useNavigate } from '@tanstack/react-router'
import { Keyboard } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import type { TextKey } from '../locales/text-key.ts'
import type { Texts } from '../locales/texts.ts'
import { IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { inputClass } from '../ui/field.tsx'
import { useKeyboard, useKeyboardPages, useShownKeys, type KeyBinding } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './frame.module.css'

/** The button and the key that show which keys this page has. */
export function KeyboardHelp(): ReactNode {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const navigate = useNavigate()
  const keyOf = useShownKeys()
  useKeyboard([
    {
      code: 'Slash',
      shift: true,
      shown: '?',
      text: 'shell.keys.help',
      group: 'shell.keys.general',
      run: () => setOpen(true),
    },
    {
      code: 'KeyG',
      shown: 'G',
      text: 'shell.keys.go-worklist',
      group: 'shell.keys.general',
      run: () => void navigate({ to: '/' }),
    },
    {
      code: 'KeyU',
      shown: 'U',
      text: 'shell.keys.go-upload',
      group: 'shell.keys.general',
      run: () => void navigate({ to: '/upload' }),
    },
  ])
  return (
    <>
      <Tooltip text={t('shell.help')} shownKey={keyOf('shell.keys.help')}>
        <IconButton label={t('shell.help')} onClick={() => setOpen(true)}>
          <Keyboard size={20} strokeWidth={1.5} />
        </IconButton>
      </Tooltip>
      <Dialog open={open} onOpenChange={setOpen} title={t('shell.help')} wide>
        <KeyList />
      </Dialog>
    </>
  )
}

function KeyList(): ReactNode {
  const { t } = useTexts()
  const pages = useKeyboardPages()
  const [sought, setSought] = useState('')
  const groups = useMemo(() => {
    const wanted = sought.trim().toLowerCase()
    const says = ({ text, name, shown }: KeyBinding): boolean =>
      `${name ?? t(text)} ${shown}`.toLowerCase().includes(wanted)
    return groupBindings(pages.flat().filter(says), t)
  }, [pages, sought, t])
  return (
    <>
      <input
        type="search"
        className={inputClass}
        aria-label={t('shell.keys.search')}
        placeholder={t('shell.keys.search')}
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      {groups.length === 0 && <p role="status">{t('shell.keys.none-found')}</p>}
      <div className={styles.keys}>
        {groups.map(([group, bindings]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <ul>
              {bindings.map(({ label, shown }) => (
                <li key={label}>
                  {label}
                  <span>
                    {shown.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}

type ListedKey = { readonly label: string; readonly shown: readonly string[] }

/** Bindings under their group, those that do the same on one line. */
function groupBindings(
  bindings: readonly KeyBinding[],
  t: Texts['t'],
): readonly (readonly [TextKey, readonly ListedKey[]])[] {
  const groups = new Map<TextKey, Map<string, string[]>>()
  for (const { group, text, name, shown } of bindings) {
    const label = name || t(text)
    const labels = groups.get(group) ?? new Map<string, string[]>()
    groups.set(group, labels.set(label, [...(labels.get(label) ?? []), shown]))
  }
  return [...groups].map(([group, labels]) => [
    group,
    [...labels].map(([label, shown]) => ({ label, shown })),
  ])
}
