import { useState, type ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import { DialogActions } from '../ui/dialog.tsx'
import styles from './account.module.css'

/** Recovery codes, which are shown now and never again. */
export function RecoveryCodeList({
  codes,
  onDone,
}: {
  codes: readonly string[]
  onDone: () => void
}): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  return (
    <div className={styles.form}>
      <p role="status">{t('account.recovery.text')}</p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <DialogActions>
        <Button onClick={() => void copyText(codes.join('\n')).then(setCopied)}>
          {t(copied ? 'account.copied' : 'account.copy')}
        </Button>
        <Button kind="primary" onClick={onDone}>
          {t('account.recovery.kept')}
        </Button>
      </DialogActions>
    </div>
  )
}
