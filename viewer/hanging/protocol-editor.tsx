import { Plus, X } from 'lucide-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import type {
  HangingMatch,
  HangingOwner,
  HangingPane,
  HangingProtocol,
  HangingStage,
} from '../../core/contract/hanging.ts'
import { ROLES } from '../../core/access/principal.ts'
import { useMay, useSessionUser } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { changed } from './changed.ts'
import styles from './editor.module.css'
import { Check, ListField, SelectField } from './form-fields.tsx'
import { PaneEditor } from './pane-editor.tsx'
import { paneText } from './wish-text.ts'

const SIZES = ['1', '2', '3', '4'] as const
const MOST_STAGES = 12
const REST: HangingPane = { wants: [] }

interface ProtocolEditorProps {
  readonly protocol: HangingProtocol
  readonly owner: HangingOwner
  onSave(protocol: HangingProtocol, owner: HangingOwner): Promise<void>
  onCancel(): void
}

/** A protocol as a form: its name, when it applies, and a small picture of each step with what its panes want. */
export function ProtocolEditor(props: ProtocolEditorProps): ReactNode {
  const { t } = useTexts()
  const [protocol, setProtocol] = useState(props.protocol)
  const [owner, setOwner] = useState(props.owner)
  const [at, setAt] = useState(0)
  const [fault, setFault] = useState<unknown>()
  const [saving, setSaving] = useState(false)
  const { stages, matches } = protocol
  const stage = stages[at] ?? stages[0]
  const setStage = (next: HangingStage): void =>
    setProtocol({ ...protocol, stages: stages.map((each, index) => (index === at ? next : each)) })

  function submit(event: FormEvent): void {
    event.preventDefault()
    setSaving(true)
    props.onSave(protocol, owner).catch((error: unknown) => {
      setFault(error)
      setSaving(false)
    })
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      {fault !== undefined && (
        <p className={styles.fault} role="alert">
          {errorText(t, fault)}
        </p>
      )}
      <div className={styles.head}>
        <Field
          label={t('hanging.name')}
          required
          maxLength={80}
          autoComplete="off"
          autoFocus
          value={protocol.name}
          onChange={(event) => setProtocol({ ...protocol, name: event.target.value })}
        />
        <OwnerField owner={owner} onChange={setOwner} />
      </div>
      <h3 className={styles.section}>{t('hanging.applies')}</h3>
      <MatchFields match={matches} onChange={(next) => setProtocol({ ...protocol, matches: next })} />
      <div className={styles.steps} role="group" aria-label={t('hanging.steps')}>
        {stages.map((_, index) => (
          <button
            key={index}
            type="button"
            className={classNames(styles.step, index === at && styles.current)}
            aria-pressed={index === at}
            onClick={() => setAt(index)}
          >
            {t('hanging.step', { number: index + 1 })}
          </button>
        ))}
        <IconButton
          label={t('hanging.add-step')}
          disabled={stages.length >= MOST_STAGES}
          onClick={() => {
            if (stage !== undefined) setProtocol({ ...protocol, stages: [...stages, stage] })
            setAt(stages.length)
          }}
        >
          <Plus size={16} strokeWidth={1.75} />
        </IconButton>
        {stages.length > 1 && (
          <IconButton
            label={t('hanging.remove-step')}
            onClick={() => {
              setProtocol({ ...protocol, stages: stages.filter((_, index) => index !== at) })
              setAt(Math.max(0, at - 1))
            }}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        )}
      </div>
      {stage !== undefined && (
        <StageEditor key={`${at} of ${stages.length}`} stage={stage} onChange={setStage} />
      )}
      <DialogActions>
        <Button onClick={props.onCancel}>{t('shell.cancel')}</Button>
        <Button type="submit" kind="primary" disabled={saving || protocol.name.trim() === ''}>
          {t('hanging.save')}
        </Button>
      </DialogActions>
    </form>
  )
}

function OwnerField({
  owner,
  onChange,
}: {
  owner: HangingOwner
  onChange: (owner: HangingOwner) => void
}): ReactNode {
  const { t } = useTexts()
  const { roles } = useSessionUser()
  const mayShare = useMay('hanging.share')
  const isAdministrator = roles.includes('administrator')
  const owners: HangingOwner[] = [
    { kind: 'me' },
    ...(mayShare
      ? ROLES.filter((role) => isAdministrator || roles.includes(role)).map((role) => ({
          kind: 'role' as const,
          role,
        }))
      : []),
    ...(mayShare && isAdministrator ? [{ kind: 'everyone' as const }] : []),
  ]
  const nameOf = (each: HangingOwner): string => (each.kind === 'role' ? each.role : each.kind)
  return (
    <SelectField
      label={t('hanging.for')}
      value={nameOf(owner)}
      options={owners.map((each) => [
        nameOf(each),
        each.kind === 'role'
          ? t('hanging.for-role', { role: t(`shell.role.${each.role}`) })
          : t(`hanging.for-${each.kind}`),
      ])}
      onChange={(name) => onChange(owners.find((each) => nameOf(each) === name) ?? owner)}
    />
  )
}

function MatchFields({
  match,
  onChange,
}: {
  match: HangingMatch
  onChange: (match: HangingMatch) => void
}): ReactNode {
  const { t } = useTexts()
  const set = (parts: Parameters<typeof changed<HangingMatch>>[1]): void => onChange(changed(match, parts))
  const codes = (list: string[]): string[] => list.map((code) => code.toUpperCase())
  const any = ['', t('hanging.any')] as const
  return (
    <div className={styles.fields}>
      <ListField
        label={t('hanging.modality')}
        hint={t('hanging.modality-hint')}
        value={match.modality}
        onChange={(list) => set({ modality: codes(list) })}
      />
      <ListField
        label={t('hanging.with-modality')}
        value={match.withModality}
        onChange={(list) => set({ withModality: list.length === 0 ? undefined : codes(list) })}
      />
      <Field
        label={t('hanging.body-part')}
        autoComplete="off"
        value={match.bodyPart ?? ''}
        onChange={(event) => set({ bodyPart: event.target.value === '' ? undefined : event.target.value })}
      />
      <SelectField
        label={t('hanging.laterality')}
        value={match.laterality ?? ''}
        options={[
          any,
          ...(['R', 'L', 'B'] as const).map((side) => [side, t(`hanging.side-${side}`)] as const),
        ]}
        onChange={(side) => set({ laterality: side === '' ? undefined : side })}
      />
      <ListField
        label={t('hanging.words')}
        hint={t('hanging.words-hint')}
        value={match.words}
        onChange={(list) => set({ words: list.length === 0 ? undefined : list })}
      />
      <SelectField
        label={t('hanging.prior')}
        value={match.priorPresent === undefined ? '' : match.priorPresent ? 'with' : 'without'}
        options={[any, ['with', t('hanging.prior-with')], ['without', t('hanging.prior-without')]]}
        onChange={(prior) => set({ priorPresent: prior === '' ? undefined : prior === 'with' })}
      />
      <SelectField
        label={t('hanging.monitors')}
        value={String(match.monitors ?? '')}
        options={[any, ...['2', '3', '4'].map((count) => [count, t('hanging.at-least', { count })] as const)]}
        onChange={(count) => set({ monitors: count === '' ? undefined : Number(count) })}
      />
      {match.withModality !== undefined && (
        <div className={styles.checks}>
          <Check
            label={t('hanging.one-frame')}
            checked={match.oneFrame ?? false}
            onChange={(on) => set({ oneFrame: on ? true : undefined })}
          />
        </div>
      )}
    </div>
  )
}

function StageEditor({
  stage,
  onChange,
}: {
  stage: HangingStage
  onChange: (stage: HangingStage) => void
}): ReactNode {
  const { t } = useTexts()
  const [chosen, setChosen] = useState(0)
  const { layout, panes } = stage
  const at = Math.min(chosen, panes.length - 1)
  const pane = panes[at] ?? REST
  const set = (parts: Parameters<typeof changed<HangingStage>>[1]): void => onChange(changed(stage, parts))

  /** What stands at a row and a column stays there. */
  function resize(rows: number, columns: number): void {
    const places = Array.from({ length: rows * columns }, (_, place): HangingPane => {
      const [row, column] = [Math.floor(place / columns), place % columns]
      const before = column < layout.columns ? panes[row * layout.columns + column] : undefined
      return before ?? REST
    })
    set({ layout: { rows, columns }, panes: places })
  }

  return (
    <div className={styles.stage}>
      <div className={styles.picture}>
        <div className={styles.size}>
          <SelectField
            label={t('hanging.rows')}
            value={String(layout.rows)}
            options={SIZES.map((size) => [size, size])}
            onChange={(rows) => resize(Number(rows), layout.columns)}
          />
          <SelectField
            label={t('hanging.columns')}
            value={String(layout.columns)}
            options={SIZES.map((size) => [size, size])}
            onChange={(columns) => resize(layout.rows, Number(columns))}
          />
        </div>
        <div
          className={styles.grid}
          style={{ gridTemplate: `repeat(${layout.rows}, 1fr) / repeat(${layout.columns}, minmax(0, 1fr))` }}
        >
          {panes.map((each, index) => (
            <button
              key={index}
              type="button"
              className={classNames(styles.cell, index === at && styles.current)}
              aria-pressed={index === at}
              aria-label={t('hanging.pane-of', { number: index + 1, wish: paneText(t, each) })}
              data-align={each.look?.align}
              onClick={() => setChosen(index)}
            >
              {paneText(t, each)}
              {each.wants.length > 1 && <small>+{each.wants.length - 1}</small>}
            </button>
          ))}
        </div>
        <div className={styles.checks}>
          <Check
            label={t('hanging.linked')}
            checked={stage.linked ?? false}
            onChange={(on) => set({ linked: on ? true : undefined })}
          />
          <Check
            label={t('hanging.same-scale')}
            checked={stage.sameScale ?? false}
            onChange={(on) => set({ sameScale: on ? true : undefined })}
          />
          <Check
            label={t('hanging.only-wished')}
            checked={stage.onlyWished ?? false}
            onChange={(on) => set({ onlyWished: on ? true : undefined })}
          />
        </div>
      </div>
      <div className={styles.pane}>
        <h3 className={styles.section}>{t('hanging.pane', { number: at + 1 })}</h3>
        <PaneEditor
          key={`${at} of ${panes.length}`}
          pane={pane}
          onChange={(next) => set({ panes: panes.map((each, index) => (index === at ? next : each)) })}
        />
      </div>
    </div>
  )
}
