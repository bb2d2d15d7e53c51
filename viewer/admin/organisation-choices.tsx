import { useId, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { inputClass } from '../ui/field.tsx'
import adminStyles from './admin.module.css'
import styles from './usage.module.css'

/** Which days of the organisation's figures begin when. */
export function TimeZoneChoice({
  value,
  onChange,
}: {
  value: string
  onChange: (timeZone: string) => void
}): ReactNode {
  const { t } = useTexts()
  const id = useId()
  const zones = [...new Set([value, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
  return (
    <div className={adminStyles.choice}>
      <label htmlFor={id}>{t('organisations.time-zone')}</label>
      <select id={id} className={inputClass} value={value} onChange={(event) => onChange(event.target.value)}>
        {zones.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </select>
      <span className={styles.hint}>{t('organisations.time-zone.hint')}</span>
    </div>
  )
}

type Language = 'en' | 'zh-CN'

/** What people read before they choose. */
export function LanguageChoice({
  value,
  onChange,
}: {
  value: Language | null
  onChange: (language: Language | null) => void
}): ReactNode {
  const { t } = useTexts()
  const id = useId()
  return (
    <div className={adminStyles.choice}>
      <label htmlFor={id}>{t('organisations.language')}</label>
      <select
        id={id}
        className={inputClass}
        value={value ?? ''}
        onChange={(event) => {
          const chosen = event.target.value
          onChange(chosen === 'en' || chosen === 'zh-CN' ? chosen : null)
        }}
      >
        <option value="">{t('organisations.language.browser')}</option>
        <option value="en" lang="en">
          English
        </option>
        <option value="zh-CN" lang="zh-CN">
          简体中文
        </option>
      </select>
      <span className={styles.hint}>{t('organisations.language.hint')}</span>
    </div>
  )
}
