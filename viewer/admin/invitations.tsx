import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { InvitationLink, InvitationPage, type Invitation } from '../../core/contract/people.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminTable } from './admin-table.tsx'
import styles from './admin.module.css'

/** An invitation's link, as it is shown once. */
export interface ShownLink {
  readonly email: string
  readonly url: string
}

/** Who was invited and has not come yet. */
export function Invitations({ onLink }: { onLink: (link: ShownLink) => void }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'invitations'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/invitations', { answer: InvitationPage, signal }),
  })
  if (query.data === undefined || query.data.invitations.length === 0) return null
  return (
    <section className={styles.below}>
      <h2 className={styles.subtitle}>{t('people.invited')}</h2>
      <AdminTable titles={[t('sign-in.email'), t('admin.users.roles'), t('people.invited.until')]} hasActions>
        {query.data.invitations.map((invitation) => (
          <InvitationLine key={invitation.invitationId} invitation={invitation} onLink={onLink} />
        ))}
      </AdminTable>
    </section>
  )
}

function InvitationLine({
  invitation,
  onLink,
}: {
  invitation: Invitation
  onLink: (link: ShownLink) => void
}): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const queries = useQueryClient()
  const path = `/api/admin/invitations/${invitation.invitationId}`
  const onError = (error: unknown): void => toast({ tone: 'danger', text: errorText(t, error) })
  const onSettled = (): void => void queries.invalidateQueries({ queryKey: ['admin', 'invitations'] })
  const renew = useMutation({
    mutationFn: () => api.call('POST', `${path}/link`, { answer: InvitationLink }),
    onSuccess: ({ url }) => onLink({ email: invitation.email, url }),
    onError,
    onSettled,
  })
  const revoke = useMutation({
    mutationFn: () => api.call('DELETE', path),
    onSuccess: () => toast({ tone: 'ok', text: t('people.invited.revoked') }),
    onError,
    onSettled,
  })
  return (
    <tr>
      <td>{invitation.email}</td>
      <td>
        {invitation.roles.map((role) => (
          <span key={role} className={styles.tag}>
            {t(`shell.role.${role}`)}
          </span>
        ))}
      </td>
      <td className={styles.secondary}>
        {invitation.isExpired ? (
          <span className={`${styles.tag} ${styles.warn}`}>{t('people.invited.expired')}</span>
        ) : (
          displayLocalTime(invitation.expiresAt)
        )}
      </td>
      <td>
        <Button kind="quiet" disabled={renew.isPending} onClick={() => renew.mutate()}>
          {t('people.invited.renew')}
        </Button>
        <Button kind="quiet" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {t('people.invited.revoke')}
        </Button>
      </td>
    </tr>
  )
}

/** The link to hand over: copied, or scanned from the screen. */
export function InvitationLinkDialog({ link, onClose }: { link: ShownLink; onClose: () => void }): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  return (
    <Dialog
      wide
      open
      onOpenChange={onClose}
      title={t('people.invited.link')}
      description={t('people.invited.link-text', { name: link.email })}
    >
      <div className={styles.link}>
        <QrCode text={link.url} label={t('people.invited.qr')} />
        <p className={styles.password}>{link.url}</p>
      </div>
      <DialogActions>
        <Button onClick={() => void copyText(link.url).then(setCopied)}>
          {t(copied ? 'admin.copied' : 'admin.copy')}
        </Button>
        <Button kind="primary" onClick={onClose}>
          {t('admin.done')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
