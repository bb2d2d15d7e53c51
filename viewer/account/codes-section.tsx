import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { RecoveryCodes } from '../../core/contract/account.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { AccountSection, type SectionProps } from './account-section.tsx'
import styles from './account.module.css'
import { CodesSetup } from './codes-setup.tsx'
import { useProof } from './proof.tsx'
import { RecoveryCodeList } from './recovery-code-list.tsx'

/** Codes of an authenticator, and what replaces them when it is lost. */
export function CodesSection({ account, onChanged }: SectionProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const withProof = useProof()
  const [settingUp, setSettingUp] = useState(false)
  const [renewed, setRenewed] = useState<readonly string[]>()
  const onError = (error: unknown): void => toast({ tone: 'danger', text: errorText(t, error) })
  const remove = useMutation({
    mutationFn: () => withProof(() => api.call('DELETE', '/api/account/codes')),
    onSuccess: () => onChanged(t('account.codes.removed')),
    onError,
  })
  const renew = useMutation({
    mutationFn: () =>
      withProof(() => api.call('POST', '/api/account/codes/recovery', { answer: RecoveryCodes })),
    onSuccess: ({ recoveryCodes }) => setRenewed(recoveryCodes),
    onError,
  })
  const { since, recoveryCodesLeft } = account.codes

  return (
    <AccountSection
      title={t('account.codes')}
      explanation={t(account.isSecondFactorNeeded ? 'account.codes.needed' : 'account.codes.text')}
      actions={
        since === null ? (
          <Button kind="primary" onClick={() => setSettingUp(true)}>
            {t('account.codes.set-up')}
          </Button>
        ) : (
          <>
            <Button disabled={renew.isPending} onClick={() => renew.mutate()}>
              {t('account.recovery.renew')}
            </Button>
            <Button disabled={remove.isPending} onClick={() => remove.mutate()}>
              {t('account.remove')}
            </Button>
          </>
        )
      }
    >
      {since !== null && (
        <ul className={styles.list}>
          <li className={styles.item}>
            <div className={styles.what}>
              <p>
                {t('account.codes.on')}
                <span className={`${styles.tag} ${recoveryCodesLeft < 3 ? styles.warn : ''}`}>
                  {t('account.recovery.left', { count: recoveryCodesLeft })}
                </span>
              </p>
              <p>{t('account.since', { time: displayLocalTime(since) })}</p>
            </div>
          </li>
        </ul>
      )}
      <Dialog wide open={settingUp} onOpenChange={setSettingUp} title={t('account.codes.set-up')}>
        <CodesSetup
          onDone={() => {
            setSettingUp(false)
            onChanged(t('account.codes.added'))
          }}
        />
      </Dialog>
      <Dialog
        wide
        open={renewed !== undefined}
        onOpenChange={() => setRenewed(undefined)}
        title={t('account.recovery')}
      >
        <RecoveryCodeList
          codes={renewed ?? []}
          onDone={() => {
            setRenewed(undefined)
            onChanged(t('account.recovery.renewed'))
          }}
        />
      </Dialog>
    </AccountSection>
  )
}
