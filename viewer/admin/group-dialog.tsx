import { useState, type FormEvent, type ReactNode } from 'react'
import type { AccessPage } from '../../core/contract/access.ts'
import { useApi } from '../client/client-context.tsx'
import { Tick } from '../export/choices.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import styles from './access.module.css'
import { useAccessChange } from './use-access-change.ts'

interface GroupDialogProps {
  readonly access: AccessPage
  /** Which to change; a new one without. */
  readonly group?: AccessPage['groups'][number]
  readonly onClose: () => void
}

/** The name of a group, and who is in it. */
export function GroupDialog({ access, group, onClose }: GroupDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const change = useAccessChange()
  const [name, setName] = useState(group?.name ?? '')
  const [members, setMembers] = useState<readonly string[]>(group?.members ?? [])
  const path = group === undefined ? '/api/admin/access/groups' : `/api/admin/access/groups/${group.groupId}`
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { name: name.trim(), members }
    change(() => api.call(group === undefined ? 'POST' : 'PUT', path, { body }).then(onClose))
  }
  return (
    <Dialog open onOpenChange={onClose} title={group?.name ?? t('access.add-group')}>
      <form className={styles.form} onSubmit={submit}>
        <Field
          label={t('access.group-name')}
          placeholder={t('access.group-example')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className={styles.people}>
          <legend>{t('access.people')}</legend>
          {access.people.map((person) => (
            <Tick
              key={person.userId}
              text={person.name}
              checked={members.includes(person.userId)}
              onChange={(isIn) =>
                setMembers(
                  isIn ? [...members, person.userId] : members.filter((each) => each !== person.userId),
                )
              }
            />
          ))}
        </fieldset>
        <DialogActions>
          {group !== undefined && (
            <Button kind="danger" onClick={() => change(() => api.call('DELETE', path).then(onClose))}>
              {t('access.remove-group')}
            </Button>
          )}
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={name.trim() === ''}>
            {t('access.keep')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
