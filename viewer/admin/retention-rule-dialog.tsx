import { useState, type FormEvent, type ReactNode } from 'react'
import {
  CreatedRule,
  GRACE_LONGEST,
  GRACE_SHORTEST,
  OF_AGE,
  type RetentionRule,
  type RetentionTerms,
} from '../../core/contract/retention.ts'
import { useApi } from '../client/client-context.tsx'
import { Choice, Tick } from '../export/choices.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import adminStyles from './admin.module.css'
import { RETENTION, useRetentionChange } from './retention-change.ts'
import styles from './retention.module.css'
import { splitList } from './split-list.ts'

interface RetentionRuleDialogProps {
  /** Undefined: a new one. */
  readonly rule?: RetentionRule
  readonly onClose: () => void
  readonly onPreview: (rule: RetentionRule) => void
}

const NEW: RetentionTerms = {
  modalities: [],
  years: 10,
  countedFrom: 'study-date',
  minorsUntil: null,
  graceDays: 30,
  removesShared: false,
}
/** Many laws count from the age of majority: 18 and ten years. */
const USUAL_AGE = 28

/** Which studies are kept how long. It is a draft then, and its preview comes next. */
export function RetentionRuleDialog({ rule, onClose, onPreview }: RetentionRuleDialogProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const save = useRetentionChange()
  const [terms, setTerms] = useState<RetentionTerms>(rule ?? NEW)
  const [modalities, setModalities] = useState((rule ?? NEW).modalities.join(', '))
  const change = (changed: Partial<RetentionTerms>): void => setTerms({ ...terms, ...changed })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = {
      ...terms,
      modalities: splitList(modalities).map((each) => each.toUpperCase()),
      ...(terms.years === null ? { minorsUntil: null } : {}),
    }
    const keep = async (): Promise<string> => {
      if (rule === undefined)
        return (await api.call('POST', `${RETENTION}/rules`, { body, answer: CreatedRule })).ruleId
      await api.call('PUT', `${RETENTION}/rules/${rule.ruleId}`, { body })
      return rule.ruleId
    }
    save.mutate({ change: () => keep().then((ruleId) => onPreview({ ...body, ruleId, enabledAt: null })) })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={rule === undefined ? t('retention.form.new') : t('retention.form.change')}
      description={
        rule === undefined || rule.enabledAt === null
          ? t('retention.form.hint')
          : t('retention.form.changed-hint')
      }
    >
      <form className={adminStyles.form} onSubmit={submit}>
        {save.isError && (
          <p className={adminStyles.fault} role="alert">
            {errorText(t, save.error)}
          </p>
        )}
        <Field
          label={t('retention.form.modalities')}
          placeholder="CT, MR"
          hint={t('retention.form.modalities.hint')}
          value={modalities}
          onChange={(event) => setModalities(event.target.value)}
        />
        <Choice
          legend={t('retention.form.keep')}
          value={terms.years === null ? 'for-ever' : 'years'}
          options={[
            { value: 'years', text: t('retention.form.keep.years') },
            { value: 'for-ever', text: t('retention.form.keep.for-ever') },
          ]}
          onChange={(keep) => change({ years: keep === 'years' ? (NEW.years ?? 10) : null })}
        />
        {terms.years !== null && (
          <>
            <div className={styles.pair}>
              <Whole
                label={t('retention.form.years')}
                least={1}
                most={200}
                value={terms.years}
                onChange={(years) => change({ years })}
              />
              <Choice
                legend={t('retention.form.from')}
                value={terms.countedFrom}
                options={[
                  { value: 'study-date', text: t('retention.form.from.study-date') },
                  { value: 'received', text: t('retention.form.from.received') },
                ]}
                onChange={(countedFrom) => change({ countedFrom })}
              />
            </div>
            <Tick
              text={t('retention.form.minors')}
              hint={t('retention.form.minors.hint')}
              checked={terms.minorsUntil !== null}
              onChange={(longer) => change({ minorsUntil: longer ? USUAL_AGE : null })}
            />
            {terms.minorsUntil !== null && (
              <Whole
                label={t('retention.form.minors.age')}
                least={OF_AGE}
                most={100}
                value={terms.minorsUntil}
                onChange={(minorsUntil) => change({ minorsUntil })}
              />
            )}
            <Whole
              label={t('retention.form.grace')}
              hint={t('retention.form.grace.hint')}
              least={GRACE_SHORTEST}
              most={GRACE_LONGEST}
              value={terms.graceDays}
              onChange={(graceDays) => change({ graceDays })}
            />
            <Tick
              text={t('retention.form.shared')}
              hint={t('retention.form.shared.hint')}
              checked={terms.removesShared}
              onChange={(removesShared) => change({ removesShared })}
            />
          </>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={save.isPending}>
            {t('retention.form.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

interface WholeProps {
  readonly label: string
  readonly hint?: string
  readonly least: number
  readonly most: number
  readonly value: number
  readonly onChange: (value: number) => void
}

/** A whole number that has to be there. */
function Whole({ label, hint, least, most, value, onChange }: WholeProps): ReactNode {
  return (
    <Field
      label={label}
      hint={hint}
      type="number"
      required
      min={least}
      max={most}
      value={Number.isNaN(value) ? '' : value}
      onChange={(event) => onChange(event.target.valueAsNumber)}
    />
  )
}
