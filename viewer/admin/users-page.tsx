import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { AdminUser, CreatedUser, UserPage } from '../../core/contract/api.ts'
import { useApi, useSessionUser } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'
import { InvitationLinkDialog, Invitations, type ShownLink } from './invitations.tsx'
import { UserDialog, type AdministeredUser } from './user-dialog.tsx'
import { PasswordDialog, type OneTimePassword } from './password-dialog.tsx'

type Shown = { readonly kind: 'new' } | { readonly kind: 'roles'; readonly user: AdministeredUser }

/** Who may sign in, as what; a new person gets a link that works once. */
export function UsersPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'users'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/users', { answer: UserPage, signal }),
  })
  const [shown, setShown] = useState<Shown>()
  const [link, setLink] = useState<ShownLink>()
  const [password, setPassword] = useState<OneTimePassword>()
  return (
    <AdminSection
      title={t('admin.users')}
      query={query}
      actions={
        <Button kind="primary" onClick={() => setShown({ kind: 'new' })}>
          <Plus size={16} strokeWidth={2} />
          {t('people.invite')}
        </Button>
      }
    >
      {({ users }) => (
        <>
          <AdminTable
            titles={[
              t('admin.users.name'),
              t('sign-in.email'),
              t('admin.users.roles'),
              t('admin.users.since'),
            ]}
            hasActions
          >
            {users.map((user) => (
              <UserLine
                key={user.userId}
                user={user}
                onRoles={() => setShown({ kind: 'roles', user })}
                onPassword={setPassword}
              />
            ))}
          </AdminTable>
          {shown !== undefined && (
            <UserDialog
              {...(shown.kind === 'roles' ? { user: shown.user } : {})}
              onClose={() => setShown(undefined)}
              onInvited={setLink}
            />
          )}
          {password !== undefined && (
            <PasswordDialog password={password} onClose={() => setPassword(undefined)} />
          )}
          {link !== undefined && <InvitationLinkDialog link={link} onClose={() => setLink(undefined)} />}
          <Invitations onLink={setLink} />
        </>
      )}
    </AdminSection>
  )
}

interface UserLineProps {
  readonly user: AdministeredUser
  readonly onRoles: () => void
  readonly onPassword: (password: OneTimePassword) => void
}

function UserLine({ user, onRoles, onPassword }: UserLineProps): ReactNode {
  const { t } = useTexts()
  const me = useSessionUser()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const path = `/api/admin/users/${user.userId}`
  const onError = (error: unknown): void => toast({ tone: 'danger', text: errorText(t, error) })
  const disable = useMutation({
    mutationFn: (disabled: boolean) => api.call('PATCH', path, { body: { disabled }, answer: AdminUser }),
    onSuccess: (changed) => {
      void queries.invalidateQueries({ queryKey: ['admin', 'users'] })
      const text = t(changed.disabled ? 'admin.users.disabled-now' : 'admin.users.enabled-now', {
        name: changed.email,
      })
      const action = { label: t('admin.undo'), run: () => disable.mutate(!changed.disabled) }
      toast({ tone: 'ok', text, action })
    },
    onError,
  })
  const reset = useMutation({
    mutationFn: () => api.call('POST', `${path}/password`, { answer: CreatedUser }),
    onSuccess: ({ oneTimePassword }) => onPassword({ email: user.email, oneTimePassword }),
    onError,
  })
  const forget = useMutation({
    mutationFn: () => api.call('DELETE', `${path}/factors`),
    onSuccess: () => toast({ tone: 'ok', text: t('people.factors-forgotten', { name: user.email }) }),
    onError,
  })
  return (
    <tr className={user.disabled ? styles.off : undefined}>
      <td>
        {user.displayName || user.email}{' '}
        {user.disabled && <span className={`${styles.tag} ${styles.warn}`}>{t('admin.users.disabled')}</span>}
      </td>
      <td className={styles.secondary}>{user.email}</td>
      <td>
        {user.roles.map((role) => (
          <span key={role} className={styles.tag}>
            {t(`shell.role.${role}`)}
          </span>
        ))}
      </td>
      <td className={styles.secondary}>{displayLocalTime(user.createdAt)}</td>
      <td>
        <Menu
          trigger={
            <IconButton label={t('admin.users.actions-of', { name: user.email })}>
              <Ellipsis size={18} strokeWidth={1.5} />
            </IconButton>
          }
        >
          <MenuItem onSelect={onRoles}>{t('admin.users.change-roles')}</MenuItem>
          <MenuItem onSelect={() => reset.mutate()}>{t('admin.users.new-password')}</MenuItem>
          <MenuItem disabled={user.userId === me.userId} onSelect={() => forget.mutate()}>
            {t('people.forget-factors')}
          </MenuItem>
          <MenuItem disabled={user.userId === me.userId} onSelect={() => disable.mutate(!user.disabled)}>
            {t(user.disabled ? 'admin.users.enable' : 'admin.users.disable')}
          </MenuItem>
        </Menu>
      </td>
    </tr>
  )
}
