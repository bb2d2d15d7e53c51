import { AppWindow, ChevronDown, List, SquareArrowOutUpRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTexts } from '../../locales/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { useKeyboard } from '../../ui/keyboard.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx'
import styles from './links.module.css'
import type { Links } from './use-links.ts'

/** What goes into windows of their own; undefined: there is none. */
export interface WindowChoices {
  openPane(): void
  readonly openPrior: (() => void) | undefined
  openWorklist(): void
}

/** What panes do together, and which go into windows of their own; with the keys for both. */
export function LinkMenu({ links, windows }: { links: Links; windows: WindowChoices }): ReactNode {
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const { switches } = links
  const group = 'reading.group-panes'
  const { openPrior } = windows
  useKeyboard([
    {
      code: 'KeyZ',
      shift: true,
      shown: '⇧Z',
      text: 'windows.link-zoom',
      group,
      run: () => links.toggle('zoom'),
    },
    {
      code: 'KeyW',
      shift: true,
      shown: '⇧W',
      text: 'windows.link-window',
      group,
      run: () => links.toggle('window'),
    },
    {
      code: 'Enter',
      control: true,
      shown: '⌃⏎',
      text: 'windows.open-pane',
      group,
      run: () => windows.openPane(),
    },
    ...(openPrior === undefined
      ? []
      : [
          {
            code: 'Enter',
            control: true,
            shift: true,
            shown: '⌃⇧⏎',
            text: 'windows.open-prior',
            group,
            run: openPrior,
          } as const,
        ]),
  ])
  const choices = [
    { which: 'scroll', text: 'windows.link-scroll', key: 'Y' },
    { which: 'zoom', text: 'windows.link-zoom', key: '⇧Z' },
    { which: 'window', text: 'windows.link-window', key: '⇧W' },
  ] as const
  return (
    <Menu
      leavesFocus
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          kind="quiet"
          className={styles.trigger}
          aria-label={t('windows.menu')}
          title={t('windows.menu')}
        >
          <ChevronDown size={12} strokeWidth={1.75} />
        </Button>
      }
    >
      <MenuLabel>{t('windows.together')}</MenuLabel>
      {choices.map(({ which, text, key }) => (
        <MenuChoice key={which} chosen={switches[which]} onSelect={() => links.toggle(which)}>
          {`${t(text)} · ${key}`}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuChoice chosen={!switches.all} onSelect={() => links.setAll(false)}>
        {t('windows.like-panes')}
      </MenuChoice>
      <MenuChoice chosen={switches.all} onSelect={() => links.setAll(true)}>
        {t('windows.all-panes')}
      </MenuChoice>
      <MenuSeparator />
      <MenuLabel>{t('windows.own-window')}</MenuLabel>
      <MenuItem
        icon={<SquareArrowOutUpRight size={16} strokeWidth={1.75} />}
        trailing="⌃⏎"
        onSelect={() => windows.openPane()}
      >
        {t('windows.open-pane')}
      </MenuItem>
      <MenuItem
        icon={<AppWindow size={16} strokeWidth={1.75} />}
        trailing="⌃⇧⏎"
        disabled={openPrior === undefined}
        onSelect={() => openPrior?.()}
      >
        {t('windows.open-prior')}
      </MenuItem>
      <MenuItem icon={<List size={16} strokeWidth={1.75} />} onSelect={() => windows.openWorklist()}>
        {t('windows.open-worklist')}
      </MenuItem>
    </Menu>
  )
}
