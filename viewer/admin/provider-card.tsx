import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { ProviderCheck, type Provider } from '../../core/contract/providers.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import adminStyles from './admin.module.css'
import { PROVIDERS, PROVIDERS_KEY, useProviderChange } from './provider-change.ts'
import { CopiedText } from './copied-text.tsx'
import styles from './providers.module.css'

interface ProviderCardProps {
  readonly provider: Provider
  readonly onChange: () => void
}

/** One provider: who comes by it and as what, whether it answers, and what can be done with it. */
export function ProviderCard({ provider, onChange }: ProviderCardProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [removing, setRemoving] = useState(false)
  const path = `${PROVIDERS}/${provider.providerId}`
  const change = useProviderChange<unknown>()
  const check = useQuery({
    // Another issuer is asked anew.
    queryKey: [...PROVIDERS_KEY, 'check', provider.providerId, provider.issuer],
    queryFn: ({ signal }) => api.call('POST', `${path}/check`, { answer: ProviderCheck, signal }),
    enabled: false,
    retry: false,
  })
  return (
    <li className={classNames(styles.card, provider.disabled && styles.off)}>
      <div className={styles.head}>
        <h2>
          {provider.name}{' '}
          <span className={adminStyles.tag}>
            {t(
              provider.disabled
                ? 'providers.off'
                : provider.listed
                  ? 'providers.listed'
                  : 'providers.by-address',
            )}
          </span>
        </h2>
        <span className={styles.hint}>{t('providers.people', { count: provider.people })}</span>
      </div>
      <p className={styles.hint}>
        {provider.issuer} · {provider.clientId}
        {provider.hasSecret && ` · ${t('providers.secret')}`}
      </p>
      <p>{t(provider.createsPeople ? 'providers.makes' : 'providers.knows')}</p>
      <GroupRoles provider={provider} />
      {!provider.listed && !provider.disabled && (
        <div>
          <p className={styles.hint}>{t('providers.address')}</p>
          <CopiedText text={provider.signInUrl} />
        </div>
      )}
      {check.isFetching ? (
        <p className={styles.hint} role="status">
          {t('providers.checking')}
        </p>
      ) : check.isError ? (
        <p className={adminStyles.fault} role="alert">
          {errorText(t, check.error)}
        </p>
      ) : (
        check.data !== undefined && (
          <p className={check.data.reachable ? styles.ok : adminStyles.fault} role="status">
            {t(check.data.reachable ? 'providers.check.ok' : 'providers.check.failed', {
              host: check.data.host,
            })}
          </p>
        )
      )}
      {change.isError && (
        <p className={adminStyles.fault} role="alert">
          {errorText(t, change.error)}
        </p>
      )}
      <div className={styles.actions}>
        <Button disabled={check.isFetching} onClick={() => void check.refetch()}>
          {t('providers.check')}
        </Button>
        <Button onClick={onChange}>{t('providers.change')}</Button>
        <Button
          disabled={change.isPending}
          onClick={() =>
            change.mutate(() =>
              api.call('PUT', `${path}/disabled`, { body: { disabled: !provider.disabled } }),
            )
          }
        >
          {t(provider.disabled ? 'providers.switch-on' : 'providers.switch-off')}
        </Button>
        <Button kind="quiet" onClick={() => setRemoving(true)}>
          {t('providers.remove')}
        </Button>
      </div>
      {removing && (
        <Dialog
          open
          onOpenChange={() => setRemoving(false)}
          title={t('providers.remove.title', { name: provider.name })}
          description={t('providers.remove.text')}
        >
          <DialogActions>
            <Button onClick={() => setRemoving(false)}>{t('shell.cancel')}</Button>
            <Button
              kind="danger"
              disabled={change.isPending}
              onClick={() => change.mutate(() => api.call('DELETE', path))}
            >
              {t('providers.remove.done')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </li>
  )
}

function GroupRoles({ provider: { groupClaim, groupRoles } }: { provider: Provider }): ReactNode {
  const { t } = useTexts()
  if (groupClaim === null || groupRoles.length === 0)
    return <p className={styles.hint}>{t('providers.groups.none')}</p>
  return (
    <p className={styles.roles}>
      <span className={styles.hint}>{t('providers.groups.by', { claim: groupClaim })}</span>
      {groupRoles.map(({ group, role }) => (
        <span key={`${group} ${role}`} className={adminStyles.tag}>
          {t('providers.groups.some', { group, role: t(`shell.role.${role}`) })}
        </span>
      ))}
    </p>
  )
}
