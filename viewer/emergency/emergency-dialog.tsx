import { useState, type FormEvent, type ReactNode } from 'react'
import type { ProofKind } from '../../core/contract/account.ts'
import {
  EMERGENCY_REASONS,
  EmergencyMatches,
  saysWhy,
  type EmergencyMatch,
  type EmergencySearch,
} from '../../core/contract/emergency.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { hasPasskeys } from '../sign-in/has-passkeys.ts'
import { askPasskey } from '../sign-in/passkey.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field, inputClass } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { clockTime } from './emergency-banner.tsx'
import { useEmergencyNews, useEmergencyStore } from './emergency-context.ts'
import styles from './emergency.module.css'

interface EmergencyDialogProps {
  /** What was looked for already. */
  readonly identifier: string
  readonly onClose: () => void
}

interface Found {
  readonly search: EmergencySearch
  readonly matches: readonly EmergencyMatch[]
}

/** Asks for emergency access: by the exact number, with a reason, and who asks shows once more who they are. */
export function EmergencyDialog({ identifier, onClose }: EmergencyDialogProps): ReactNode {
  const { t } = useTexts()
  const [found, setFound] = useState<Found>()
  const [chosen, setChosen] = useState<EmergencyMatch>()
  const [only, ...others] = found?.matches ?? []
  const match = others.length === 0 ? only : chosen
  return (
    <Dialog open onOpenChange={onClose} title={t('shell.emergency')}>
      <SearchForm
        identifier={identifier}
        onFound={(next) => {
          setFound(next)
          setChosen(undefined)
        }}
      />
      {found !== undefined && <Matches matches={found.matches} chosen={match} onChoose={setChosen} />}
      {found !== undefined && match !== undefined && (
        <RequestForm key={match.issuerOfPatientId} search={found.search} match={match} onClose={onClose} />
      )}
    </Dialog>
  )
}

function SearchForm({
  identifier,
  onFound,
}: {
  identifier: string
  onFound: (found: Found | undefined) => void
}): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const [by, setBy] = useState<EmergencySearch['by']>('patient-id')
  const [value, setValue] = useState(identifier)
  const [fault, setFault] = useState<unknown>()
  const [isLooking, setLooking] = useState(false)
  const look = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setLooking(true)
    setFault(undefined)
    const search = { by, value: value.trim() }
    try {
      const { matches } = await api.call('POST', '/api/emergency/search', {
        body: search,
        answer: EmergencyMatches,
      })
      onFound({ search, matches })
    } catch (error) {
      setFault(error)
    }
    setLooking(false)
  }
  return (
    <form className={styles.form} onSubmit={(event) => void look(event)}>
      <div className={styles.search}>
        <label htmlFor="emergency-by">{t('emergency.by')}</label>
        <Choice
          id="emergency-by"
          value={by}
          onChange={(next) => {
            setBy(next)
            onFound(undefined)
          }}
          options={[
            ['patient-id', t('emergency.by.patient-id')],
            ['accession-number', t('emergency.by.accession-number')],
          ]}
        />
        <Button type="submit" disabled={isLooking || value.trim() === ''}>
          {t('emergency.look')}
        </Button>
      </div>
      <Field
        label={t('emergency.value')}
        hint={t('emergency.value.hint')}
        error={fault === undefined ? undefined : errorText(t, fault)}
        value={value}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        autoFocus={identifier === ''}
        required
        onChange={(event) => {
          setValue(event.target.value)
          onFound(undefined)
        }}
      />
    </form>
  )
}

interface MatchesProps {
  readonly matches: readonly EmergencyMatch[]
  readonly chosen: EmergencyMatch | undefined
  readonly onChoose: (match: EmergencyMatch) => void
}

function Matches({ matches, chosen, onChoose }: MatchesProps): ReactNode {
  const { t } = useTexts()
  if (matches.length === 0) {
    return (
      <p className={styles.none} role="status">
        {t('emergency.none')}
      </p>
    )
  }
  return (
    <fieldset className={styles.matches}>
      <legend className={matches.length === 1 ? 'visually-hidden' : undefined}>{t('emergency.which')}</legend>
      {matches.map((match, index) => (
        <label key={index} className={styles.match}>
          {matches.length > 1 && (
            <input
              type="radio"
              name="emergency-match"
              checked={match === chosen}
              onChange={() => onChoose(match)}
            />
          )}
          <span>
            <b>{t('emergency.found', { count: match.studies })}</b>
            <span>
              {[match.modalities.join(', '), dates(match)].filter(Boolean).join(' · ')}
              {matches.length > 1 &&
                ` · ${match.issuerOfPatientId === '' ? t('emergency.issuer.none') : t('emergency.issuer', { issuer: match.issuerOfPatientId })}`}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

const dates = ({ from, to }: EmergencyMatch): string =>
  [...new Set([displayDicomDate(from), displayDicomDate(to)])].filter(Boolean).join(' – ')

/** Six digits are nobody's password: too short for one. */
const typedProof = (given: string, proofs: readonly ProofKind[]): object =>
  !proofs.includes('password') || /^\s*\d{3}\s*\d{3}\s*$/.test(given) ? { code: given } : { password: given }

interface RequestFormProps {
  readonly search: EmergencySearch
  readonly match: EmergencyMatch
  readonly onClose: () => void
}

function RequestForm({ search, match, onClose }: RequestFormProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const store = useEmergencyStore()
  const { minutes = 0, proofs = [] } = useEmergencyNews() ?? {}
  const toast = useToast()
  const [reasonCode, setReasonCode] = useState<(typeof EMERGENCY_REASONS)[number]>('emergency-treatment')
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const isTyped = proofs.includes('password') || proofs.includes('code')
  const [fault, setFault] = useState<unknown>()
  const [isAsking, setAsking] = useState(false)
  const ask = async (prove: () => Promise<object | undefined>): Promise<void> => {
    setAsking(true)
    setFault(undefined)
    try {
      const proof = await prove()
      if (proof === undefined) {
        setAsking(false)
        return
      }
      const { issuerOfPatientId } = match
      const body = { ...search, issuerOfPatientId, reasonCode, reason: reason.trim(), ...proof }
      await api.call('POST', '/api/emergency', { body })
      await store?.refresh()
      const time = clockTime(new Date(Date.now() + minutes * 60_000).toISOString())
      toast({ tone: 'ok', text: t('emergency.opened', { time }) })
      onClose()
    } catch (error) {
      setFault(error)
      setAsking(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void ask(() => Promise.resolve(isTyped ? typedProof(typed, proofs) : {}))
  }
  const usePasskey = (): void =>
    void ask(async () => {
      const passkey = await askPasskey(api, '/api/account/proof/passkey')
      return passkey === undefined ? undefined : { passkey }
    })
  const isReady = !isAsking && saysWhy(reason)
  const said = fault === undefined ? undefined : errorText(t, fault)
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className={styles.line}>
        <label htmlFor="emergency-reason">{t('emergency.reason')}</label>
        <Choice
          id="emergency-reason"
          value={reasonCode}
          onChange={setReasonCode}
          options={EMERGENCY_REASONS.map((code) => [code, t(`emergency.reason.${code}`)] as const)}
        />
      </div>
      <div className={styles.words}>
        <label htmlFor="emergency-why">{t('emergency.why')}</label>
        <textarea
          id="emergency-why"
          className={inputClass}
          rows={3}
          maxLength={1000}
          aria-describedby="emergency-why-hint"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p id="emergency-why-hint">{t('emergency.why.hint')}</p>
      </div>
      {isTyped && (
        <Field
          label={t(
            proofs.includes('code')
              ? proofs.includes('password')
                ? 'emergency.proof'
                : 'emergency.code'
              : 'emergency.password',
          )}
          type="password"
          autoComplete="current-password"
          required={!proofs.includes('passkey')}
          value={typed}
          error={said}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {!isTyped && said !== undefined && (
        <p className={styles.fault} role="alert">
          {said}
        </p>
      )}
      {proofs.length === 0 && <p className={styles.warning}>{t('emergency.elsewhere')}</p>}
      <p className={styles.warning}>{t('emergency.warning')}</p>
      <DialogActions>
        <Button onClick={onClose}>{t('shell.cancel')}</Button>
        {proofs.includes('passkey') && hasPasskeys() && (
          <Button kind={isTyped ? 'plain' : 'danger'} disabled={!isReady} onClick={usePasskey}>
            {t('emergency.passkey')}
          </Button>
        )}
        {(isTyped || proofs.length === 0) && (
          <Button type="submit" kind="danger" disabled={!isReady || (isTyped && typed === '')}>
            {t('emergency.break', { minutes })}
          </Button>
        )}
      </DialogActions>
    </form>
  )
}
