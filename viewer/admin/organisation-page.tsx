import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { Organisation, type ChangeOrganisation } from '../../core/contract/organisations.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import adminStyles from './admin.module.css'
import { LanguageChoice, TimeZoneChoice } from './organisation-choices.tsx'
import styles from './usage.module.css'

const KEY = ['admin', 'organisation']
const PATH = '/api/admin/organisation'

/** What people see of their organisation, where its days begin, and how much room it has. */
export function OrganisationPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.call('GET', PATH, { answer: Organisation, signal }),
  })
  return (
    <AdminSection title={t('organisations.title')} explanation={t('organisations.explanation')} query={query}>
      {(organisation) => (
        <div className={styles.settings}>
          <SettingsForm organisation={organisation} />
          <div className={styles.side}>
            <Room organisation={organisation} />
            <Logo organisation={organisation} />
          </div>
        </div>
      )}
    </AdminSection>
  )
}

function SettingsForm({ organisation }: { organisation: Organisation }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState(organisation.name)
  const [timeZone, setTimeZone] = useState(organisation.timeZone)
  const [language, setLanguage] = useState(organisation.language)
  const save = useMutation({
    mutationFn: (body: ChangeOrganisation) => api.call('PATCH', PATH, { body, answer: Organisation }),
    onSuccess: (changed) => {
      queries.setQueryData(KEY, changed)
      toast({ tone: 'ok', text: t('organisations.saved') })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({ name: name.trim(), timeZone, language })
  }
  return (
    <form className={styles.box} onSubmit={submit}>
      {save.isError && (
        <p className={adminStyles.fault} role="alert">
          {errorText(t, save.error)}
        </p>
      )}
      <Field
        label={t('organisations.name')}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TimeZoneChoice value={timeZone} onChange={setTimeZone} />
      <LanguageChoice value={language} onChange={setLanguage} />
      <Field
        label={t('organisations.ae-title')}
        value={organisation.aeTitle ?? t('organisations.ae-title.none')}
        readOnly
        hint={t('organisations.room.by-operator')}
      />
      <div className={styles.choices}>
        <Button type="submit" kind="primary" disabled={save.isPending || name.trim() === ''}>
          {t('organisations.save')}
        </Button>
      </div>
    </form>
  )
}

function Room({ organisation }: { organisation: Organisation }): ReactNode {
  const { t } = useTexts()
  const { keptBytes, quotaBytes } = organisation
  const kept = displayBytes(keptBytes)
  const used = quotaBytes === null ? 0 : quotaBytes === 0 ? 1 : Math.min(1, keptBytes / quotaBytes)
  return (
    <section className={styles.box} aria-label={t('organisations.room')}>
      <h2>{t('organisations.room')}</h2>
      <p>
        {quotaBytes === null
          ? t('organisations.room.unlimited', { kept })
          : t('organisations.room.of', { kept, quota: displayBytes(quotaBytes) })}
      </p>
      {quotaBytes !== null && (
        <div
          role="meter"
          aria-label={t('organisations.room')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(used * 100)}
          className={classNames(styles.meter, used >= 1 ? styles.full : used > 0.9 && styles.nearly)}
        >
          <div style={{ width: `${used * 100}%` }} />
        </div>
      )}
      {quotaBytes !== null && used > 0.9 && (
        <p className={styles.warning}>
          {t(used >= 1 ? 'organisations.room.full' : 'organisations.room.nearly')}
        </p>
      )}
    </section>
  )
}

function Logo({ organisation }: { organisation: Organisation }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const { logoUrl, name } = organisation
  const change = useMutation({
    mutationFn: (picture: Blob | undefined) =>
      picture === undefined
        ? api.call('DELETE', `${PATH}/logo`, { answer: Organisation })
        : api.call('PUT', `${PATH}/logo`, { blob: picture, answer: Organisation }),
    onSuccess: (changed) => queries.setQueryData(KEY, changed),
  })
  return (
    <section className={styles.box} aria-labelledby={id} aria-busy={change.isPending}>
      <h2 id={id}>{t('organisations.logo')}</h2>
      <div className={styles.picture}>
        {logoUrl === null ? (
          t('organisations.logo.none')
        ) : (
          <img src={logoUrl} alt={t('organisations.logo.of', { name })} />
        )}
      </div>
      {change.isError && (
        <p className={adminStyles.fault} role="alert">
          {errorText(t, change.error)}
        </p>
      )}
      <p className={styles.hint}>{t('organisations.logo.hint')}</p>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        aria-label={t('organisations.logo')}
        hidden
        onChange={(event) => {
          const picture = event.target.files?.[0]
          event.target.value = ''
          if (picture !== undefined) change.mutate(picture)
        }}
      />
      <div className={styles.choices}>
        <Button disabled={change.isPending} onClick={() => input.current?.click()}>
          {t(logoUrl === null ? 'organisations.logo.choose' : 'organisations.logo.change')}
        </Button>
        {logoUrl !== null && (
          <Button kind="quiet" disabled={change.isPending} onClick={() => change.mutate(undefined)}>
            {t('organisations.logo.remove')}
          </Button>
        )}
      </div>
    </section>
  )
}
