import { ChevronDown } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import { useTexts } from '../../locales/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx'
import barStyles from '../bar-menus.module.css'
import type { ReformatSession } from './reformat-session.ts'
import { THICKNESSES, type Mpr } from './use-mpr.ts'

/** How thick planes are, and what becomes of what lies in them. */
export function SlabMenu({ mpr, session }: { mpr: Mpr; session: ReformatSession }): ReactNode {
  const { t } = useTexts()
  const { mode, thickness } = useSyncExternalStore(session.subscribe, session.slab)
  const label = t('mpr.slab')
  return (
    <Menu
      leavesFocus
      align="start"
      trigger={
        <Button kind="quiet" className={barStyles.trigger} aria-label={label} title={label}>
          <span className={barStyles.word}>{label}</span>
          <ChevronDown size={12} strokeWidth={1.75} />
        </Button>
      }
    >
      <MenuLabel>{t('mpr.slab-mode')}</MenuLabel>
      {(['maximum', 'minimum', 'mean'] as const).map((each) => (
        <MenuChoice
          key={each}
          chosen={mode === each && thickness > 0}
          onSelect={() => mpr.setSlab({ mode: each, thickness: thickness || 10 })}
        >
          {t(`mpr.slab-${each}-long`)}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuLabel>{t('mpr.thickness')}</MenuLabel>
      {THICKNESSES.map((each) => (
        <MenuChoice
          key={each}
          chosen={thickness === each}
          onSelect={() => mpr.setSlab({ mode: thickness === 0 ? 'maximum' : mode, thickness: each })}
        >
          {each === 0 ? t('mpr.plane-only') : t('mpr.millimetres', { thickness: each })}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuItem disabled={!session.isTurned()} onSelect={mpr.straighten}>
        {t('mpr.straighten')}
      </MenuItem>
    </Menu>
  )
}
