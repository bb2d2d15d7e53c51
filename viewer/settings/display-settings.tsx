import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { ChoiceRow } from './setting-row.tsx'
import { useChangeSettings, useReadingSettings } from './settings-context.tsx'
import styles from './settings.module.css'

const RATES = [2, 5, 10, 15, 20, 25, 30, 60] as const

/** What is written over images, and how they are drawn and played. */
export function DisplaySettings({ sought }: { sought: string }): ReactNode {
  const { t } = useTexts()
  const change = useChangeSettings()
  const { texts = 'full', smooth = true, cineAtOnce = false, cineRate } = useReadingSettings()
  return (
    <section aria-label={t('settings.display')} data-settings="display" className={styles.rows}>
      <ChoiceRow
        label={t('settings.texts')}
        value={texts}
        options={(['full', 'minimal', 'off'] as const).map(
          (value) => [value, t(`settings.texts-${value}`)] as const,
        )}
        sought={sought}
        onChange={(value) => change((before) => ({ ...before, texts: value }))}
      />
      <ChoiceRow
        label={t('settings.pixels')}
        value={smooth ? 'smooth' : 'sharp'}
        options={(['smooth', 'sharp'] as const).map((value) => [value, t(`settings.${value}`)] as const)}
        sought={sought}
        onChange={(value) => change((before) => ({ ...before, smooth: value === 'smooth' }))}
      />
      <ChoiceRow
        label={t('settings.cine-start')}
        value={cineAtOnce ? 'at-once' : 'asked'}
        options={(['asked', 'at-once'] as const).map(
          (value) => [value, t(`settings.cine-${value}`)] as const,
        )}
        sought={sought}
        onChange={(value) => change((before) => ({ ...before, cineAtOnce: value === 'at-once' }))}
      />
      <ChoiceRow
        label={t('settings.cine-rate')}
        value={cineRate === undefined ? 'none' : String(cineRate)}
        options={[
          ['none', t('settings.cine-none')],
          ...RATES.map((rate) => [String(rate), t('settings.cine-per-second', { rate })] as const),
        ]}
        sought={sought}
        onChange={(value) =>
          change(({ cineRate: _, ...before }) =>
            value === 'none' ? before : { ...before, cineRate: Number(value) },
          )
        }
      />
    </section>
  )
}
