import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { ROLES, type PersonRole } from '../../core/access/principal.ts'
import { SignInSettings } from '../../core/contract/people.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { AdminSection } from './admin-section.tsx'
import styles from './admin.module.css'

/** How people sign in: who needs a second factor, and how long a session lasts. */
export function SignInSettingsPage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const query = useQuery({
    queryKey: ['admin', 'sign-in'],
    queryFn: ({ signal }) => api.call('GET', '/api/admin/sign-in', { answer: SignInSettings, signal }),
  })
  return (
    <AdminSection title={t('people.sign-in')} explanation={t('people.sign-in.text')} query={query}>
      {(settings) => <SettingsForm settings={settings} />}
    </AdminSection>
  )
}

function SettingsForm({ settings }: { settings: SignInSettings }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const toast = useToast()
  const queries = useQueryClient()
  const [roles, setRoles] = useState<readonly PersonRole[]>(settings.secondFactorRoles)
  const save = useMutation({
    mutationFn: (body: SignInSettings) => api.call('PUT', '/api/admin/sign-in', { body }),
    onSuccess: () => {
      toast({ tone: 'ok', text: t('people.sign-in.saved') })
      void queries.invalidateQueries({ queryKey: ['admin', 'sign-in'] })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    save.mutate({
      secondFactorRoles: [...roles],
      sessionIdleMinutes: Number(form.get('idle')),
      sessionHours: Number(form.get('hours')),
    })
  }
  return (
    <form className={styles.settings} onSubmit={submit}>
      {save.isError && (
        <p className={styles.fault} role="alert">
          {errorText(t, save.error)}
        </p>
      )}
      <fieldset>
        <legend>{t('people.sign-in.second')}</legend>
        <p className={styles.secondary}>{t('people.sign-in.second-text')}</p>
        {ROLES.map((role) => (
          <label key={role} className={styles.role}>
            <input
              type="checkbox"
              checked={roles.includes(role)}
              onChange={(event) =>
                setRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
              }
            />
            {t(`shell.role.${role}`)}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('people.sign-in.sessions')}</legend>
        <Field
          label={t('people.sign-in.idle')}
          name="idle"
          type="number"
          min={5}
          max={1440}
          required
          defaultValue={settings.sessionIdleMinutes}
        />
        <Field
          label={t('people.sign-in.hours')}
          name="hours"
          type="number"
          min={1}
          max={168}
          required
          defaultValue={settings.sessionHours}
        />
      </fieldset>
      <div>
        <Button type="submit" kind="primary" disabled={save.isPending}>
          {t('admin.save')}
        </Button>
      </div>
    </form>
  )
}
