import { useNavigate } from '@tanstack/react-router'
import { Keyboard } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import type { TextKey } from '../locales/text-key.ts'
import { IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useKeyboard, useKeyboardPages, type KeyBinding } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import styles from './frame.module.css'

/** The button and the key that show which keys this page has. */
export function KeyboardHelp(): ReactNode {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const navigate = useNavigate()
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
      <Tooltip text={t('shell.help')} shownKey="?">
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
  const groups = useMemo(() => groupBindings(pages), [pages])
  return (
    <div className={styles.keys}>
      {groups.map(([group, bindings]) => (
        <section key={group}>
          <h3>{t(group)}</h3>
          <ul>
            {bindings.map(({ text, shown }) => (
              <li key={text}>
                {t(text)}
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
  )
}

type ListedKey = { readonly text: TextKey; readonly shown: readonly string[] }

/** Bindings under their group, those that do the same on one line. */
function groupBindings(
  pages: readonly (readonly KeyBinding[])[],
): readonly (readonly [TextKey, readonly ListedKey[]])[] {
  const groups = new Map<TextKey, Map<TextKey, string[]>>()
  for (const { group, text, shown } of pages.flat()) {
    const texts = groups.get(group) ?? new Map<TextKey, string[]>()
    groups.set(group, texts.set(text, [...(texts.get(text) ?? []), shown]))
  }
  return [...groups].map(([group, texts]) => [group, [...texts].map(([text, shown]) => ({ text, shown }))])
}
