import { ChevronDown } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'
import type { TextKey } from '../locales/text-key.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import styles from './bar-menus.module.css'
import type { ReadingCommands } from './reading-commands.ts'
import type { WindowPreset } from './window-presets.ts'

/** A command of the bar: a button where there is room, else a line of a menu. It shows the key of the command so called. */
export interface BarCommand {
  readonly text: TextKey
  readonly icon: ComponentType<{ size?: number; strokeWidth?: number }>
  readonly run: () => void
}

interface CommandMenuProps {
  readonly label: string
  readonly icon: BarCommand['icon']
  /** A line between groups. */
  readonly groups: readonly (readonly BarCommand[])[]
}

/** Commands that are seldom clicked, each with the key that is quicker. */
export function CommandMenu({ label, icon: Icon, groups }: CommandMenuProps): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  return (
    <Menu
      leavesFocus
      align="start"
      trigger={
        <Button kind="quiet" className={styles.trigger} aria-label={label} title={label}>
          <Icon size={18} strokeWidth={1.75} />
          <ChevronDown size={12} strokeWidth={1.75} />
        </Button>
      }
    >
      {groups.map((group, index) => (
        <div key={index}>
          {index > 0 && <MenuSeparator />}
          {group.map((command) => (
            <MenuItem
              key={command.text}
              icon={<command.icon size={16} strokeWidth={1.75} />}
              trailing={keyOf(command.text)}
              onSelect={command.run}
            >
              {t(command.text)}
            </MenuItem>
          ))}
        </div>
      ))}
    </Menu>
  )
}

/** As wide as a digit. */
const NO_KEY = '\u2007'

interface PresetMenuProps {
  readonly presets: readonly WindowPreset[]
  readonly onChoose: ReadingCommands['window']
  readonly onKeep: () => void
}

/** Windows by name, beside the tool that sets them by hand. */
export function PresetMenu({ presets, onChoose, onKeep }: PresetMenuProps): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const label = t('reading.preset')
  return (
    <Menu
      leavesFocus
      align="start"
      trigger={
        <Button kind="quiet" className={styles.trigger} aria-label={label} title={label}>
          <span className={styles.word}>{label}</span>
          <ChevronDown size={12} strokeWidth={1.75} />
        </Button>
      }
    >
      <MenuItem trailing={keyOf('reading.preset-auto') ?? NO_KEY} onSelect={() => onChoose(undefined)}>
        {t('reading.preset-auto')}
      </MenuItem>
      {presets.map((preset, index) => (
        <MenuItem
          key={index}
          trailing={keyOf(`reading.window-${index + 1}`) ?? NO_KEY}
          onSelect={() => onChoose(preset)}
        >
          <span className={styles.preset}>
            {preset.name || t(preset.text)}
            <span>{preset.figures ?? `${preset.width} / ${preset.center}`}</span>
          </span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem trailing={keyOf('reading.preset-keep') ?? NO_KEY} onSelect={onKeep}>
        {t('reading.preset-keep')}
      </MenuItem>
    </Menu>
  )
}
