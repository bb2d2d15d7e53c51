import { Check, Copy, Mail, Printer } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { CreatedShare } from '../../core/contract/sharing.ts'
import { useSessionUser } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, buttonClass } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import { displayLocalTime } from '../ui/dates.ts'
import { DialogActions } from '../ui/dialog.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { ShareLetter } from './share-letter.tsx'
import styles from './share.module.css'

interface ShareMadeProps {
  readonly made: CreatedShare
  readonly onAnother: () => void
  readonly onClose: () => void
}

/** A link that was made: the only time that it, and its code, are shown. */
export function ShareMade({ made, onAnother, onClose }: ShareMadeProps): ReactNode {
  const { t } = useTexts()
  const { organisationName } = useSessionUser()
  const { share, url, code } = made
  const letter = t('share.letter', {
    name: share.recipientName,
    url,
    until: displayLocalTime(share.expiresAt),
  })
  return (
    <div className={styles.made}>
      <p>{t('share.made', { name: share.recipientName })}</p>
      <div className={styles.link}>
        <input readOnly value={url} aria-label={t('share.link')} onFocus={(event) => event.target.select()} />
        <CopyButton text={url} label={t('share.copy-link')} />
      </div>
      <div className={styles.handed}>
        <QrCode text={url} label={t('share.qr')} />
        <div>
          {code !== null && (
            <>
              <p className={styles.hint}>{t('share.code-hint')}</p>
              <p className={styles.code}>
                {code} <CopyButton text={code} label={t('share.copy-code')} />
              </p>
            </>
          )}
          <p className={styles.hint}>{t('share.made-until', { until: displayLocalTime(share.expiresAt) })}</p>
          <div className={styles.deeds}>
            <a
              className={buttonClass()}
              href={`mailto:${encodeURIComponent(share.recipientEmail)}?subject=${encodeURIComponent(t('share.subject'))}&body=${encodeURIComponent(letter)}`}
            >
              <Mail size={16} strokeWidth={1.75} aria-hidden="true" />
              {t('share.mail')}
            </a>
            <Button onClick={() => window.print()}>
              <Printer size={16} strokeWidth={1.75} aria-hidden="true" />
              {t('share.print')}
            </Button>
          </div>
        </div>
      </div>
      <ShareLetter organisationName={organisationName} url={url} letter={letter} />
      <DialogActions>
        <Button onClick={onAnother}>{t('share.another')}</Button>
        <Button kind="primary" onClick={onClose}>
          {t('share.done')}
        </Button>
      </DialogActions>
    </div>
  )
}

function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const { t } = useTexts()
  const [copied, setCopied] = useState(false)
  const Icon = copied ? Check : Copy
  return (
    <Button kind="primary" aria-label={label} onClick={() => void copyText(text).then(setCopied)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span role="status">{t(copied ? 'share.copied' : 'share.copy')}</span>
    </Button>
  )
}
