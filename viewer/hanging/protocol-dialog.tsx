import { useState, type ReactNode } from 'react'
import type { HangingOwner, HangingProtocol, KeptProtocol } from '../../core/contract/hanging.ts'
import { BUILT_IN_PROTOCOLS } from '../../core/reading/built-in-protocols.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import styles from './editor.module.css'
import { ProtocolEditor } from './protocol-editor.tsx'
import type { Protocols } from './use-protocols.ts'
import { matchText } from './wish-text.ts'

interface ProtocolDialogProps {
  readonly protocols: Protocols
  /** To be kept: then the form opens at once. */
  readonly example?: HangingProtocol
  onSaved(id: string): void
  onClose(): void
}

interface Edited {
  readonly protocol: HangingProtocol
  readonly owner: HangingOwner
  readonly before?: KeptProtocol
}

/** All protocols there are for this person, and the form for one of them. */
export function ProtocolDialog({ protocols, example, onSaved, onClose }: ProtocolDialogProps): ReactNode {
  const { t } = useTexts()
  const [edited, setEdited] = useState<Edited | undefined>(
    example === undefined ? undefined : { protocol: example, owner: { kind: 'me' } },
  )
  const [fault, setFault] = useState<unknown>()
  const builtInName = (id: string | undefined): string | undefined => {
    const key = BUILT_IN_PROTOCOLS.find((each) => each.id === id)?.key
    return key === undefined ? undefined : t(`hanging.built-in.${key}`)
  }
  const replacing = protocols.kept.filter(
    ({ protocol, mayChange }) => mayChange && protocol.replaces !== undefined,
  )
  const remove = (some: readonly KeptProtocol[]): void => {
    Promise.all(some.map((each) => protocols.remove(each))).catch(setFault)
  }
  const title =
    edited === undefined
      ? 'hanging.title'
      : example === undefined
        ? 'hanging.edit-title'
        : 'hanging.new-title'

  return (
    <Dialog
      open
      onOpenChange={onClose}
      wide
      title={t(title)}
      {...(edited === undefined ? { description: t('hanging.title-text') } : {})}
    >
      {edited !== undefined ? (
        <ProtocolEditor
          {...edited}
          onCancel={() => (example === undefined ? setEdited(undefined) : onClose())}
          onSave={async (protocol, owner) => {
            const id = await protocols.save(protocol, owner, edited.before)
            if (example === undefined) return setEdited(undefined)
            onSaved(id)
            onClose()
          }}
        />
      ) : (
        <>
          {fault !== undefined && (
            <p className={styles.fault} role="alert">
              {errorText(t, fault)}
            </p>
          )}
          <ul className={styles.list}>
            {protocols.kept.map((kept) => (
              <li key={kept.id} className={styles.row}>
                <span className={styles.what}>
                  <b>{kept.protocol.name}</b>
                  <span>
                    {matchText(t, kept.protocol.matches)}
                    {kept.protocol.replaces !== undefined &&
                      ` · ${t('hanging.replaces', { name: builtInName(kept.protocol.replaces) ?? '' })}`}
                  </span>
                </span>
                <span className={styles.whose}>
                  {kept.owner.kind === 'role'
                    ? t(`shell.role.${kept.owner.role}`)
                    : t(`hanging.owner.${kept.owner.kind}`)}
                </span>
                {kept.mayChange && (
                  <>
                    <Button
                      kind="quiet"
                      onClick={() => setEdited({ protocol: kept.protocol, owner: kept.owner, before: kept })}
                    >
                      {t('hanging.edit')}
                    </Button>
                    <Button
                      kind="quiet"
                      onClick={() => {
                        const isSure = kept.protocol.replaces !== undefined
                        if (isSure || window.confirm(t('hanging.delete-sure', { name: kept.protocol.name })))
                          remove([kept])
                      }}
                    >
                      {t(kept.protocol.replaces === undefined ? 'hanging.delete' : 'hanging.restore')}
                    </Button>
                  </>
                )}
              </li>
            ))}
            {BUILT_IN_PROTOCOLS.filter(
              ({ id }) => !protocols.kept.some(({ protocol }) => protocol.replaces === id),
            ).map(({ id, protocol }) => (
              <li key={id} className={styles.row}>
                <span className={styles.what}>
                  <b>{builtInName(id)}</b>
                  <span>{matchText(t, protocol.matches)}</span>
                </span>
                <span className={styles.whose}>{t('hanging.owner.built-in')}</span>
                <Button
                  kind="quiet"
                  onClick={() =>
                    setEdited({
                      protocol: { ...protocol, name: builtInName(id) ?? protocol.name, replaces: id },
                      owner: { kind: 'me' },
                    })
                  }
                >
                  {t('hanging.edit')}
                </Button>
              </li>
            ))}
          </ul>
          <DialogActions>
            {replacing.length > 0 && (
              <Button kind="quiet" onClick={() => remove(replacing)}>
                {t('hanging.restore-all')}
              </Button>
            )}
            <Button onClick={onClose}>{t('shell.close')}</Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  )
}
