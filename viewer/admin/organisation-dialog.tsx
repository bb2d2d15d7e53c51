import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { CreatedOrganisation, Organisation } from '../../core/contract/organisations.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import styles from './admin.module.css'
import { LanguageChoice, TimeZoneChoice } from './organisation-choices.tsx'
import type { OneTimePassword } from './password-dialog.tsx'

const GIGABYTE = 1e9
/** As the contract has it. */
const AE_TITLE = /^[\x21-\x5b\x5d-\x7e](?:[\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?$/

interface OrganisationDialogProps {
  /** Which to change; without it one is added. */
  readonly organisation?: Organisation
  readonly onClose: () => void
  readonly onCreated: (password: OneTimePassword) => void
}

/** A new organisation, or other settings for one. */
export function OrganisationDialog({ organisation, onClose, onCreated }: OrganisationDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState(organisation?.name ?? '')
  const [aeTitle, setAeTitle] = useState(organisation?.aeTitle ?? '')
  const [quota, setQuota] = useState(quotaText(organisation?.quotaBytes ?? null))
  const [timeZone, setTimeZone] = useState(
    organisation?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  )
  const [language, setLanguage] = useState(organisation?.language ?? null)
  const [adminEmail, setAdminEmail] = useState('')
  const quotaBytes = quota.trim() === '' ? null : Math.round(Number(quota.replace(',', '.')) * GIGABYTE)
  const isQuotaRight = quotaBytes === null || (Number.isSafeInteger(quotaBytes) && quotaBytes >= 0)
  const isTitleRight = aeTitle === '' || AE_TITLE.test(aeTitle)
  const save = useMutation({
    mutationFn: async () => {
      const fields = {
        name: name.trim(),
        aeTitle: aeTitle === '' ? null : aeTitle,
        quotaBytes,
        timeZone,
        language,
      }
      if (organisation === undefined)
        return api.call('POST', '/api/admin/organisations', {
          body: { ...fields, adminEmail: adminEmail.trim() },
          answer: CreatedOrganisation,
        })
      const path = `/api/admin/organisations/${organisation.organisationId}`
      await api.call('PATCH', path, { body: fields, answer: Organisation })
      return undefined
    },
    onSuccess: (created) => {
      void queries.invalidateQueries({ queryKey: ['admin'] })
      onClose()
      if (created === undefined)
        toast({ tone: 'ok', text: t('organisations.changed', { name: name.trim() }) })
      else onCreated({ email: created.adminEmail, oneTimePassword: created.oneTimePassword })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isQuotaRight && isTitleRight) save.mutate()
  }
  const title =
    organisation === undefined
      ? t('organisations.all.add')
      : t('organisations.all.change-of', { name: organisation.name })
  return (
    <Dialog open onOpenChange={onClose} title={title}>
      <form className={styles.form} onSubmit={submit}>
        {save.isError && (
          <p className={styles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <Field
          label={t('organisations.name')}
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {organisation === undefined && (
          <Field
            label={t('organisations.admin-email')}
            hint={t('organisations.admin-email.hint')}
            required
            inputMode="email"
            autoComplete="off"
            value={adminEmail}
            onChange={(event) => setAdminEmail(event.target.value)}
          />
        )}
        <Field
          label={t('organisations.ae-title')}
          autoComplete="off"
          maxLength={16}
          value={aeTitle}
          error={isTitleRight ? undefined : t('organisations.ae-title.wrong')}
          onChange={(event) => setAeTitle(event.target.value)}
        />
        <Field
          label={t('organisations.quota')}
          hint={t('organisations.quota.hint')}
          inputMode="decimal"
          autoComplete="off"
          value={quota}
          error={isQuotaRight ? undefined : t('organisations.quota.wrong')}
          onChange={(event) => setQuota(event.target.value)}
        />
        <TimeZoneChoice value={timeZone} onChange={setTimeZone} />
        <LanguageChoice value={language} onChange={setLanguage} />
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={save.isPending}>
            {organisation === undefined ? t('organisations.all.add') : t('organisations.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

const quotaText = (bytes: number | null): string => (bytes === null ? '' : String(bytes / GIGABYTE))
