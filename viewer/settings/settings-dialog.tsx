import { useState, type ReactNode } from 'react'
import type { Area } from '../locales/text-key.ts'
import { useTexts, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { inputClass } from '../ui/field.tsx'
import { DisplaySettings } from './display-settings.tsx'
import { KeySettings } from './key-settings.tsx'
import { MouseSettings } from './mouse-settings.tsx'
import type { SettingsWish } from './settings-context.tsx'
import styles from './settings.module.css'
import { WindowSettings } from './window-settings.tsx'

/** Of the settings, and of all that has a key. */
const AREAS: readonly Area[] = [
  'settings',
  'reading',
  'measuring',
  'segments',
  'mpr',
  'fusion',
  'objects',
  'tags',
  'hanging',
  'export',
  'worklist',
]

interface SettingsDialogProps {
  readonly wish: SettingsWish
  readonly onClose: () => void
}

/** Everything of the reading room that a person can change, by part or by a word that is looked for in all parts. */
export function SettingsDialog(props: SettingsDialogProps): ReactNode {
  return (
    <WithTexts areas={AREAS}>
      <Settings {...props} />
    </WithTexts>
  )
}

const PARTS = ['mouse', 'keys', 'windows', 'display'] as const

function Settings({ wish, onClose }: SettingsDialogProps): ReactNode {
  const { t } = useTexts()
  const [part, setPart] = useState<(typeof PARTS)[number]>(wish.keep === undefined ? 'mouse' : 'windows')
  const [sought, setSought] = useState('')
  const wanted = sought.trim().toLowerCase()
  const isShown = (each: (typeof PARTS)[number]): boolean => wanted !== '' || each === part
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('settings.title')} full>
      <div className={styles.top}>
        <div className={styles.parts} role="group" aria-label={t('settings.parts')}>
          {PARTS.map((each) => (
            <Button
              key={each}
              kind={wanted === '' && each === part ? 'primary' : 'quiet'}
              aria-pressed={wanted === '' && each === part}
              onClick={() => {
                setPart(each)
                setSought('')
              }}
            >
              {t(`settings.${each}`)}
            </Button>
          ))}
        </div>
        <input
          type="search"
          className={inputClass}
          aria-label={t('settings.search')}
          placeholder={t('settings.search')}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      </div>
      <div className={styles.all}>
        {isShown('mouse') && <MouseSettings sought={wanted} />}
        {isShown('keys') && <KeySettings sought={wanted} />}
        {isShown('windows') && wanted === '' && <WindowSettings keep={wish.keep} />}
        {isShown('display') && <DisplaySettings sought={wanted} />}
      </div>
    </Dialog>
  )
}
