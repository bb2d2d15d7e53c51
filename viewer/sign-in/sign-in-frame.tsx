import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { LANGUAGES } from '../locales/language.ts'
import { BrandMark } from '../ui/brand-mark.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import styles from './sign-in.module.css'

const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '中文' } as const

interface SignInFrameProps {
  readonly wide?: boolean
  /** Whose archive it is, where somebody has said. */
  readonly organisation?: { readonly name: string; readonly logoUrl: string | null } | null
  /** Whose page it is, in place of our own name. */
  readonly brand?: ReactNode
  /** What stands at the foot, in place of what is for our own people. */
  readonly notice?: string
  readonly children: ReactNode
}

/** What the pages before the product share: the name, one card, the language. */
export function SignInFrame({
  wide = false,
  organisation = null,
  brand,
  notice,
  children,
}: SignInFrameProps): ReactNode {
  const { t, language, changeLanguage } = useTexts()
  return (
    <main className={styles.page}>
      <div className={classNames(styles.card, wide && styles.wide)}>
        {brand ?? (
          <div className={styles.brand}>
            <BrandMark size={40} />
            <div>
              <p className={styles.name}>
                Yunying<span lang="zh-CN">云影</span>
              </p>
              <p className={styles.motto}>{t('sign-in.motto')}</p>
            </div>
          </div>
        )}
        {organisation !== null && (
          <p className={styles.organisation}>
            {organisation.logoUrl !== null && <img src={organisation.logoUrl} alt="" />}
            <span>{organisation.name}</span>
          </p>
        )}
        {children}
      </div>
      <footer className={styles.foot}>
        <div className={styles.languages} role="group" aria-label={t('shell.language')}>
          {LANGUAGES.map((one) => (
            <Button
              key={one}
              kind="quiet"
              lang={one}
              aria-pressed={one === language}
              className={one === language ? styles.chosen : undefined}
              onClick={() => void changeLanguage(one)}
            >
              {LANGUAGE_NAMES[one]}
            </Button>
          ))}
        </div>
        <p>{notice ?? t('sign-in.notice')}</p>
      </footer>
    </main>
  )
}
