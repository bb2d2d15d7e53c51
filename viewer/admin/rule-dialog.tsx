import { useState, type FormEvent, type ReactNode } from 'react'
import { ROLES } from '../../core/access/principal.ts'
import type { AccessPage, NewRule } from '../../core/contract/access.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field, inputClass } from '../ui/field.tsx'
import styles from './access.module.css'
import { splitList } from './split-list.ts'
import { useAccessChange } from './use-access-change.ts'

interface RuleDialogProps {
  readonly access: AccessPage
  readonly onClose: () => void
}

/** Who, and which studies. */
export function RuleDialog({ access, onClose }: RuleDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const change = useAccessChange()
  const [who, setWho] = useState<string>('')
  const [modalities, setModalities] = useState('')
  const [referrers, setReferrers] = useState('')
  const [days, setDays] = useState('')
  const [until, setUntil] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const subject = subjectOf(who)
    if (subject === undefined) return
    const body: NewRule = {
      subject,
      modalities: splitList(modalities),
      referrers: splitList(referrers),
      days: days === '' ? null : Number(days),
      // To the end of that day, where the administrator is.
      expiresAt: until === '' ? null : new Date(`${until}T23:59:59`).toISOString(),
    }
    change(() => api.call('POST', '/api/admin/access/rules', { body }).then(onClose))
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('access.add-rule')} description={t('access.rule-hint')}>
      <form className={styles.form} onSubmit={submit}>
        <label className={styles.field}>
          {t('access.who')}
          <select
            className={inputClass}
            required
            value={who}
            onChange={(event) => setWho(event.target.value)}
          >
            <option value="" />
            <optgroup label={t('access.groups')}>
              {access.groups.map((group) => (
                <option key={group.groupId} value={`group ${group.groupId}`}>
                  {group.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('access.people')}>
              {access.people.map((person) => (
                <option key={person.userId} value={`person ${person.userId}`}>
                  {person.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={t('access.roles')}>
              {ROLES.map((role) => (
                <option key={role} value={`role ${role}`}>
                  {t(`shell.role.${role}`)}
                </option>
              ))}
            </optgroup>
          </select>
        </label>
        <Field
          label={t('access.modalities')}
          placeholder="CT, XA"
          hint={t('access.any')}
          value={modalities}
          onChange={(event) => setModalities(event.target.value)}
        />
        <Field
          label={t('access.referred-by')}
          placeholder={t('access.referred-example')}
          hint={t('access.any')}
          value={referrers}
          onChange={(event) => setReferrers(event.target.value)}
        />
        <Field
          label={t('access.last-days')}
          type="number"
          min={1}
          max={36_500}
          hint={t('access.any')}
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        <Field
          label={t('access.ends')}
          type="date"
          hint={t('access.never')}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={who === ''}>
            {t('access.add-rule')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function subjectOf(who: string): NewRule['subject'] | undefined {
  const [kind, value = ''] = who.split(' ')
  if (kind === 'group') return { kind, groupId: value }
  if (kind === 'person') return { kind, userId: value }
  const role = ROLES.find((each) => each === value)
  return role === undefined ? undefined : { kind: 'role', role }
}
