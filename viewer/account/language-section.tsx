import { useId, type ReactNode } from 'react'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { LANGUAGES, type Language } from '../locales/language.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Choice } from '../ui/choice.tsx'
import { useToast } from '../ui/toast.tsx'
import { AccountSection } from './account-section.tsx'
import styles from './account.module.css'

const NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '中文' }

/** The language, on every device. */
export function LanguageSection(): ReactNode {
  const { t, language, changeLanguage } = useTexts()
  const api = useApi()
  const toast = useToast()
  const id = useId()
  const choose = async (chosen: Language): Promise<void> => {
    await changeLanguage(chosen)
    await api
      .call('PATCH', '/api/session', { body: { language: chosen } })
      .catch((error: unknown) => toast({ tone: 'danger', text: errorText(t, error) }))
  }
  return (
    <AccountSection title={t('shell.language')}>
      <label className={styles.check} htmlFor={id}>
        <span className="visually-hidden">{t('shell.language')}</span>
        <Choice
          id={id}
          value={language}
          options={LANGUAGES.map((each) => [each, NAMES[each]] as const)}
          onChange={(chosen) => void choose(chosen)}
        />
      </label>
    </AccountSection>
  )
}
