import { useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import styles from './admin.module.css'

export interface OneTimePassword {
  readonly email: string
  readonly oneTimePassword: string
}

/** A password that is shown once and works once. */
export function PasswordDialog({
  password,
  onClose,
}: {
  password: OneTimePassword
  onClose: () => void
}): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  const { clipboard } = navigator as Partial<Navigator>
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('sign-in.one-time-password')}
      description={t('admin.users.password-text', { name: password.email })}
    >
      <p className={styles.password}>
        {password.oneTimePassword}
        {/* Browsers give no clipboard to pages on plain HTTP; the text selects itself at a press. */}
        {clipboard !== undefined && (
          <Button
            onClick={() => void clipboard.writeText(password.oneTimePassword).then(() => setCopied(true))}
          >
            {t(copied ? 'admin.copied' : 'admin.copy')}
          </Button>
        )}
      </p>
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          {t('admin.done')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
