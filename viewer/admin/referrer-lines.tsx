import { useState, type FormEvent, type ReactNode } from 'react'
import type { AccessPage } from '../../core/contract/access.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { inputClass } from '../ui/field.tsx'
import styles from './access.module.css'
import { splitList } from './split-list.ts'
import { useAccessChange } from './use-access-change.ts'

/** The names under which referring clinicians refer: what they read hangs on it. */
export function ReferrerLines({ access }: { readonly access: AccessPage }): ReactNode {
  const { t } = useTexts()
  const referring = access.people.filter(({ roles }) => roles.includes('referring'))
  if (referring.length === 0) return <p className={styles.none}>{t('access.no-referrers')}</p>
  return (
    <ul className={styles.lines}>
      {referring.map((person) => (
        <ReferrerLine key={`${person.userId} ${person.referrerNames.join()}`} person={person} />
      ))}
    </ul>
  )
}

function ReferrerLine({ person }: { readonly person: AccessPage['people'][number] }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const change = useAccessChange()
  const kept = person.referrerNames.join(', ')
  const [names, setNames] = useState(kept)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change(() =>
      api.call('PUT', `/api/admin/access/referrers/${person.userId}`, { body: { names: splitList(names) } }),
    )
  }
  return (
    <li>
      <form className={styles.referrer} onSubmit={submit}>
        <span>{person.name}</span>
        <input
          className={inputClass}
          aria-label={t('access.names-of', { name: person.name })}
          placeholder={t('access.referred-example')}
          value={names}
          onChange={(event) => setNames(event.target.value)}
        />
        <Button type="submit" disabled={names === kept}>
          {t('access.keep')}
        </Button>
      </form>
    </li>
  )
}
