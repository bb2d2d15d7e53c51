import type { ReactNode } from 'react'
import {
  DRAG_ACTIONS,
  type DragAction,
  type Mouse,
  type WheelAction,
} from '../../core/contract/reading-settings.ts'
import { panePreferences } from '../imaging/pane-preferences.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { MOUSE_SETS } from './ready-made.ts'
import { ChoiceRow } from './setting-row.tsx'
import { useChangeSettings, useReadingSettings } from './settings-context.tsx'
import styles from './settings.module.css'

const DRAGS = [...DRAG_ACTIONS, 'none'] as const
const WHEELS = ['scroll', 'leap', 'zoom', 'window', 'none'] as const
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const

/** What each button and the wheel do. */
export function MouseSettings({ sought }: { sought: string }): ReactNode {
  const { t } = useTexts()
  const change = useChangeSettings()
  const { mouse } = panePreferences(useReadingSettings())
  const set = (chosen: Partial<Mouse>): void =>
    change((before) => ({ ...before, mouse: { ...before.mouse, ...chosen } }))
  const drag = (value: DragAction): readonly [DragAction, string] => [value, t(`settings.drag-${value}`)]
  const turn = (value: WheelAction): readonly [WheelAction, string] => [value, t(`settings.wheel-${value}`)]
  const speeds = SPEEDS.map((speed) => [String(speed), `${speed}×`] as const)
  return (
    <section aria-label={t('settings.mouse')} data-settings="mouse">
      {sought === '' && (
        <div className={styles.sets}>
          <span>{t('settings.mouse-like')}</span>
          {MOUSE_SETS.map(({ name, chosen }) => (
            <Button key={name} onClick={() => set(chosen)}>
              {name}
            </Button>
          ))}
          <Button kind="quiet" onClick={() => change(({ mouse: _, ...others }) => others)}>
            {t('settings.reset-all')}
          </Button>
        </div>
      )}
      <div className={styles.rows}>
        <ChoiceRow
          label={t('settings.left')}
          value={mouse.left}
          options={DRAG_ACTIONS.map((value) => [value, t(`settings.drag-${value}`)] as const)}
          sought={sought}
          onChange={(left) => set({ left })}
        />
        {(['middle', 'right', 'both'] as const).map((button) => (
          <ChoiceRow
            key={button}
            label={t(`settings.${button}`)}
            value={mouse[button]}
            options={DRAGS.map(drag)}
            sought={sought}
            onChange={(value) => set({ [button]: value })}
          />
        ))}
        {(['wheel', 'wheelControl', 'wheelShift'] as const).map((wheel) => (
          <ChoiceRow
            key={wheel}
            label={t(`settings.${wheel}`)}
            value={mouse[wheel]}
            options={WHEELS.map(turn)}
            sought={sought}
            onChange={(value) => set({ [wheel]: value })}
          />
        ))}
        <ChoiceRow
          label={t('settings.window-up')}
          value={mouse.windowUp}
          options={(['darker', 'brighter'] as const).map((value) => [value, t(`settings.${value}`)] as const)}
          sought={sought}
          onChange={(windowUp) => set({ windowUp })}
        />
        {(['windowSpeed', 'scrollSpeed'] as const).map((speed) => (
          <ChoiceRow
            key={speed}
            label={t(`settings.${speed}`)}
            value={String(mouse[speed])}
            options={speeds}
            sought={sought}
            onChange={(value) => set({ [speed]: Number(value) })}
          />
        ))}
        <ChoiceRow
          label={t('settings.scroll-direction')}
          value={mouse.scrollReversed ? 'reversed' : 'usual'}
          options={[
            ['usual', t('settings.scroll-usual')],
            ['reversed', t('settings.scroll-reversed')],
          ]}
          sought={sought}
          onChange={(value) => set({ scrollReversed: value === 'reversed' })}
        />
      </div>
    </section>
  )
}
