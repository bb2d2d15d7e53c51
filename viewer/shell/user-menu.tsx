import { useRouter } from '@tanstack/react-router'
import { ChevronDown, LogOut, Settings2, UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient, useSessionUser } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { type Language } from '../locales/language.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { useOpenSettings } from '../settings/settings-context.tsx'
import { Button } from '../ui/button.tsx'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './frame.module.css'

/** Who is signed in, the language, the account, the way out. `compact`: the name is inside, not on the button. */
export function UserMenu({ compact = false }: { compact?: boolean }): ReactNode {
  const { api, session } = useClient()
  const { t, language, changeLanguage } = useTexts()
  const user = useSessionUser()
  const toast = useToast()
  const openSettings = useOpenSettings()
  const shownKey = useShownKeys()
  const router = useRouter()
  const name = user.displayName === '' ? user.email : user.displayName

  const choose = async (chosen: Language): Promise<void> => {
    await changeLanguage(chosen)
    await api
      .call('PATCH', '/api/session', { body: { language: chosen } })
      // The page is in the new language already; only the next device would not know.
      .catch((error: unknown) => toast({ tone: 'danger', text: errorText(t, error) }))
  }

  return (
    <Menu
      trigger={
        <Button
          kind="quiet"
          className={styles.user}
          aria-label={t('shell.user-menu', { name })}
          title={compact ? name : undefined}
        >
          <span className={styles.avatar} aria-hidden="true">
            {initial(name)}
          </span>
          {!compact && <span className={styles.name}>{name}</span>}
          <ChevronDown size={14} strokeWidth={1.5} />
        </Button>
      }
    >
      <div className={styles.who}>
        <p>{name}</p>
        <p>{user.email === name ? user.organisationName : `${user.email} · ${user.organisationName}`}</p>
        <p>{user.roles.map((role) => t(`shell.role.${role}`)).join(' · ')}</p>
      </div>
      <MenuSeparator />
      <MenuLabel>{t('shell.language')}</MenuLabel>
      <MenuChoice chosen={language === 'en'} onSelect={() => void choose('en')}>
        <span lang="en">English</span>
      </MenuChoice>
      <MenuChoice chosen={language === 'zh-CN'} onSelect={() => void choose('zh-CN')}>
        <span lang="zh-CN">中文</span>
      </MenuChoice>
      <MenuSeparator />
      <MenuItem
        icon={<Settings2 size={16} strokeWidth={1.5} />}
        trailing={shownKey('shell.settings')}
        onSelect={() => openSettings()}
      >
        {t('shell.settings')}
      </MenuItem>
      <MenuItem
        icon={<UserRound size={16} strokeWidth={1.5} />}
        onSelect={() => void router.navigate({ to: '/account' })}
      >
        {t('shell.account')}
      </MenuItem>
      <MenuItem icon={<LogOut size={16} strokeWidth={1.5} />} onSelect={() => void session.signOut(api)}>
        {t('shell.sign-out')}
      </MenuItem>
    </Menu>
  )
}

const initial = (name: string): string => [...name][0]?.toUpperCase() ?? ''
