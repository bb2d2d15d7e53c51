import { ChevronDown } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import { isWhole, WHOLE } from '../../../core/volume/crop-box.ts'
import type { VolumeLooks } from '../../imaging/volume/volume-look.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx'
import barStyles from '../bar-menus.module.css'
import type { VolumeControl } from './use-volume.ts'
import { seenFrom, VIEW_NAMES } from './volume-keys.ts'

/** Presets, views and the crop box of the volume in the active pane. */
export function VolumeMenu({ control, looks }: { control: VolumeControl; looks: VolumeLooks }): ReactNode {
  const { t } = useTexts()
  // Each for itself: what turns renders nothing.
  const preset = useSyncExternalStore(looks.subscribe, () => looks.now().preset)
  const crop = useSyncExternalStore(looks.subscribe, () => looks.now().crop)
  const isCropping = useSyncExternalStore(looks.subscribe, () => looks.now().isCropping)
  const label = t('volume.menu')
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
      <MenuLabel>{t('volume.presets')}</MenuLabel>
      {looks.presets.map((each) => (
        <MenuChoice
          key={each.name}
          chosen={each.name === preset.name}
          onSelect={() => looks.change({ preset: each, window: undefined })}
        >
          {t(`volume.preset-${each.name}`)}
        </MenuChoice>
      ))}
      <MenuSeparator />
      <MenuLabel>{t('volume.views')}</MenuLabel>
      {VIEW_NAMES.map((view) => (
        <MenuItem key={view} trailing={view} onSelect={() => seenFrom(looks, view)}>
          {t(`volume.view-${view}`)}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuChoice chosen={control.tool === 'scroll'} onSelect={() => control.chooseTool('scroll')}>
        {t('volume.turn')}
      </MenuChoice>
      <MenuChoice chosen={control.tool === 'window'} onSelect={() => control.chooseTool('window')}>
        {t('reading.tool-window')}
      </MenuChoice>
      <MenuSeparator />
      <MenuChoice chosen={isCropping} onSelect={() => looks.change({ isCropping: !isCropping })}>
        {t('volume.crop')}
      </MenuChoice>
      <MenuItem disabled={isWhole(crop)} onSelect={() => looks.change({ crop: WHOLE })}>
        {t('volume.crop-whole')}
      </MenuItem>
    </Menu>
  )
}
