import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { Account } from '../../core/contract/account.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { hasPasskeys } from '../sign-in/has-passkeys.ts'
import { addPasskey } from '../sign-in/passkey.ts'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { AccountSection, type SectionProps } from './account-section.tsx'
import styles from './account.module.css'
import { browserName } from './browser-name.ts'
import { useProof } from './proof.tsx'

type Naming =
  { readonly kind: 'new' } | { readonly kind: 'rename'; readonly passkey: Account['passkeys'][number] }

/** Passkeys: made, named, removed. */
export function PasskeysSection({ account, onChanged }: SectionProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const withProof = useProof()
  const [naming, setNaming] = useState<Naming>()
  const remove = useMutation({
    mutationFn: (passkeyId: string) =>
      withProof(() => api.call('DELETE', `/api/account/passkeys/${passkeyId}`)),
    onSuccess: () => onChanged(t('account.passkeys.removed')),
    onError: (error) => toast({ tone: 'danger', text: errorText(t, error) }),
  })
  return (
    <AccountSection
      title={t('account.passkeys')}
      explanation={t(hasPasskeys() ? 'account.passkeys.text' : 'account.passkeys.none-here')}
      actions={
        hasPasskeys() && (
          <Button kind="primary" onClick={() => setNaming({ kind: 'new' })}>
            {t('account.passkeys.add')}
          </Button>
        )
      }
    >
      {account.passkeys.length > 0 && (
        <ul className={styles.list}>
          {account.passkeys.map((passkey) => (
            <li key={passkey.passkeyId} className={styles.item}>
              <div className={styles.what}>
                <p>
                  {passkey.name}
                  {passkey.isBackedUp && (
                    <span className={styles.tag}>{t('account.passkeys.backed-up')}</span>
                  )}
                </p>
                <p>
                  {t('account.since', { time: displayLocalTime(passkey.createdAt) })} ·{' '}
                  {lastUse(t, passkey.lastUsedAt)}
                </p>
              </div>
              <div className={styles.actions}>
                <Button kind="quiet" onClick={() => setNaming({ kind: 'rename', passkey })}>
                  {t('account.rename')}
                </Button>
                <Button kind="quiet" onClick={() => remove.mutate(passkey.passkeyId)}>
                  {t('account.remove')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {naming !== undefined && (
        <NameDialog naming={naming} onClose={() => setNaming(undefined)} onChanged={onChanged} />
      )}
    </AccountSection>
  )
}

/** When something was used last, in words. */
export const lastUse = (t: ReturnType<typeof useTexts>['t'], at: string | null): string =>
  at === null ? t('account.never-used') : t('account.last-used', { time: displayLocalTime(at) })

interface NameDialogProps {
  readonly naming: Naming
  readonly onClose: () => void
  readonly onChanged: (text: string) => void
}

function NameDialog({ naming, onClose, onChanged }: NameDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const withProof = useProof()
  const save = useMutation({
    mutationFn: async (name: string) => {
      if (naming.kind === 'new') return withProof(() => addPasskey(api, name))
      await api.call('PATCH', `/api/account/passkeys/${naming.passkey.passkeyId}`, { body: { name } })
      return true
    },
    onSuccess: (done) => {
      if (!done) return
      onClose()
      onChanged(t(naming.kind === 'new' ? 'account.passkeys.added' : 'account.passkeys.renamed'))
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    save.mutate(String(new FormData(event.currentTarget).get('name')))
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(naming.kind === 'new' ? 'account.passkeys.add' : 'account.rename')}
      {...(naming.kind === 'new' ? { description: t('account.passkeys.how') } : {})}
    >
      <form className={styles.form} onSubmit={submit}>
        {save.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <Field
          label={t('account.passkeys.name')}
          name="name"
          required
          maxLength={100}
          autoFocus
          defaultValue={naming.kind === 'new' ? browserName(navigator.userAgent) : naming.passkey.name}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={save.isPending}>
            {t(naming.kind === 'new' ? 'account.continue' : 'account.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
