import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { z } from 'zod'
import { AdminUser, Role } from '../../core/contract/api.ts'
import { InvitationLink } from '../../core/contract/people.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import styles from './admin.module.css'
import type { ShownLink } from './invitations.tsx'

type RoleName = (typeof Role.options)[number]
export type AdministeredUser = z.infer<typeof AdminUser>

interface UserDialogProps {
  /** Whose roles to change; without it a person is invited. */
  readonly user?: AdministeredUser
  readonly onClose: () => void
  readonly onInvited: (link: ShownLink) => void
}

/** Invites a person, or gives other roles to one. */
export function UserDialog({ user, onClose, onInvited }: UserDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [roles, setRoles] = useState<readonly RoleName[]>(user?.roles ?? ['radiologist'])
  const save = useMutation({
    mutationFn: async () => {
      if (user !== undefined) {
        const path = `/api/admin/users/${user.userId}`
        await api.call('PATCH', path, { body: { roles }, answer: AdminUser })
        return undefined
      }
      const body = { email: email.trim(), displayName: displayName.trim(), roles }
      const { url } = await api.call('POST', '/api/admin/invitations', { body, answer: InvitationLink })
      return { email: body.email, url }
    },
    onSuccess: (invited) => {
      void queries.invalidateQueries({ queryKey: ['admin'] })
      onClose()
      if (invited !== undefined) onInvited(invited)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={user === undefined ? t('people.invite') : t('admin.users.roles-of', { name: user.email })}
    >
      <form className={styles.form} onSubmit={submit}>
        {save.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        {user === undefined && (
          <>
            <Field
              label={t('sign-in.email')}
              type="text"
              inputMode="email"
              autoComplete="off"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <Field
              label={t('admin.users.name')}
              autoComplete="off"
              value={displayName}
              onChange={(event) => setDisplayName(event.target.value)}
            />
          </>
        )}
        <fieldset className={styles.roles}>
          <legend>{t('admin.users.roles')}</legend>
          {Role.options.map((role) => (
            <label key={role} className={styles.role}>
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={(event) =>
                  setRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
                }
              />
              {t(`shell.role.${role}`)}
              <span>{t(`admin.role.${role}`)}</span>
            </label>
          ))}
        </fieldset>
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={save.isPending || roles.length === 0}>
            {user === undefined ? t('people.invite') : t('admin.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
