import type { ReactNode } from 'react'
import { LANGUAGES } from '../locales/language.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import styles from './patient.module.css'

export const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '中文' } as const

/** The language of the page. */
export function Languages(): ReactNode {
  const { t, language, changeLanguage } = useTexts()
  return (
    <div role="group" aria-label={t('shell.language')} className={styles.languages}>
      {LANGUAGES.map((one) => (
        <Button
          key={one}
          kind="quiet"
          lang={one}
          aria-pressed={one === language}
          onClick={() => void changeLanguage(one)}
        >
          {LANGUAGE_NAMES[one]}
        </Button>
      ))}
    </div>
  )
}
