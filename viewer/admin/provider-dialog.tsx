import { useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { ROLES } from '../../core/access/principal.ts'
import {
  AddedProvider,
  ProviderCheck,
  type Provider,
  type ProviderTerms,
} from '../../core/contract/providers.ts'
import { useApi } from '../client/client-context.tsx'
import { Choice, Tick } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field, inputClass } from '../ui/field.tsx'
import adminStyles from './admin.module.css'
import { PROVIDERS, PROVIDERS_KEY, useProviderChange } from './provider-change.ts'
import styles from './providers.module.css'

interface ProviderDialogProps {
  /** Undefined: a new one. */
  readonly provider?: Provider
  readonly mayList: boolean
  readonly onClose: () => void
}

type GroupRole = ProviderTerms['groupRoles'][number]

/** What is known of a provider; saved, it is asked whether it answers. */
export function ProviderDialog({ provider, mayList, onClose }: ProviderDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const save = useProviderChange<string>()
  const [who, setWho] = useState<'known' | 'all'>(provider?.createsPeople === true ? 'all' : 'known')
  const [listed, setListed] = useState(provider?.listed ?? mayList)
  const [dropsSecret, setDropsSecret] = useState(false)
  const [groupRoles, setGroupRoles] = useState<readonly GroupRole[]>(provider?.groupRoles ?? [])
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => String(form.get(name) ?? '').trim()
    const secret = text('secret')
    const body: ProviderTerms = {
      name: text('name'),
      issuer: text('issuer'),
      clientId: text('client'),
      ...(dropsSecret ? { clientSecret: null } : secret === '' ? {} : { clientSecret: secret }),
      groupClaim: text('claim') === '' ? null : text('claim'),
      groupRoles: groupRoles.filter(({ group }) => group.trim() !== ''),
      createsPeople: who === 'all',
      listed: listed && mayList,
    }
    const keep = async (): Promise<string> => {
      if (provider === undefined)
        return (await api.call('POST', PROVIDERS, { body, answer: AddedProvider })).providerId
      await api.call('PUT', `${PROVIDERS}/${provider.providerId}`, { body })
      return provider.providerId
    }
    save.mutate(keep, {
      onSuccess: (providerId) => {
        onClose()
        void queries.fetchQuery({
          queryKey: [...PROVIDERS_KEY, 'check', providerId, body.issuer],
          queryFn: ({ signal }) =>
            api.call('POST', `${PROVIDERS}/${providerId}/check`, { answer: ProviderCheck, signal }),
          retry: false,
        })
      },
    })
  }
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={
        provider === undefined ? t('providers.form.add') : t('providers.form.change', { name: provider.name })
      }
    >
      <form className={adminStyles.form} autoComplete="off" onSubmit={submit}>
        {save.isError && (
          <p className={adminStyles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <Field
          label={t('providers.form.name')}
          name="name"
          required
          maxLength={60}
          placeholder={t('providers.form.name.example')}
          defaultValue={provider?.name}
        />
        <Field
          label={t('providers.form.issuer')}
          name="issuer"
          type="url"
          required
          spellCheck={false}
          placeholder="https://id.example.org/realms/hospital"
          hint={t('providers.form.issuer.hint')}
          defaultValue={provider?.issuer}
        />
        <div className={styles.pair}>
          <Field
            label={t('providers.form.client')}
            name="client"
            required
            spellCheck={false}
            defaultValue={provider?.clientId}
          />
          <Field
            label={t('providers.form.secret')}
            name="secret"
            type="password"
            autoComplete="new-password"
            disabled={dropsSecret}
            hint={t(
              provider?.hasSecret === true ? 'providers.form.secret.kept' : 'providers.form.secret.hint',
            )}
          />
        </div>
        {provider?.hasSecret === true && (
          <Tick text={t('providers.form.secret.remove')} checked={dropsSecret} onChange={setDropsSecret} />
        )}
        <Choice
          legend={t('providers.form.who')}
          value={who}
          options={[
            { value: 'known', text: t('providers.form.who.known') },
            { value: 'all', text: t('providers.form.who.all') },
          ]}
          onChange={setWho}
        />
        <Field
          label={t('providers.form.claim')}
          name="claim"
          spellCheck={false}
          placeholder="groups"
          hint={t('providers.form.claim.hint')}
          defaultValue={provider?.groupClaim ?? ''}
        />
        <GroupRoleLines lines={groupRoles} onChange={setGroupRoles} />
        {mayList && (
          <Tick
            text={t('providers.form.listed')}
            hint={t('providers.form.listed.hint')}
            checked={listed}
            onChange={setListed}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={save.isPending}>
            {t('providers.form.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface GroupRoleLinesProps {
  readonly lines: readonly GroupRole[]
  readonly onChange: (lines: readonly GroupRole[]) => void
}

function GroupRoleLines({ lines, onChange }: GroupRoleLinesProps): ReactNode {
  const { t } = useTexts()
  const put = (index: number, line: GroupRole): void =>
    onChange(lines.map((each, at) => (at === index ? line : each)))
  return (
    <fieldset className={styles.groups}>
      <legend>{t('providers.form.roles')}</legend>
      {lines.map((line, index) => (
        // Lines are told apart by their place alone: their words change as they are typed.
        <div key={index} className={styles.group}>
          <input
            className={inputClass}
            aria-label={t('providers.form.group')}
            placeholder={t('providers.form.group')}
            spellCheck={false}
            value={line.group}
            onChange={(event) => put(index, { ...line, group: event.target.value })}
          />
          <select
            className={inputClass}
            aria-label={t('providers.form.role')}
            value={line.role}
            onChange={(event) =>
              put(index, { ...line, role: ROLES.find((role) => role === event.target.value) ?? line.role })
            }
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`shell.role.${role}`)}
              </option>
            ))}
          </select>
          <IconButton
            label={t('providers.form.role.remove', { group: line.group })}
            onClick={() => onChange(lines.filter((_line, at) => at !== index))}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button onClick={() => onChange([...lines, { group: '', role: 'radiologist' }])}>
          <Plus size={16} strokeWidth={2} aria-hidden="true" />
          {t('providers.form.role.add')}
        </Button>
      </div>
      <p className={styles.hint}>{t('providers.form.roles.hint')}</p>
    </fieldset>
  )
}
