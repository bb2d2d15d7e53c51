import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

interface KeepViewDialogProps {
  /** Marks that go with it. */
  readonly count: number
  readonly onKeep: (name: string) => Promise<void>
  readonly onClose: () => void
}

/** Asks what a view is to be called, and says what is kept of it. */
export function KeepViewDialog({ count, onKeep, onClose }: KeepViewDialogProps): ReactNode {
  const { t } = useTexts()
  const [name, setName] = useState(t('objects.keep-view-default'))
  const keep = useMutation({ mutationFn: () => onKeep(name.trim()) })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('objects.keep-view-title')}
      description={t('objects.keep-view-text', { count })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          keep.mutate()
        }}
      >
        <Field
          label={t('objects.keep-view-name')}
          autoFocus
          autoComplete="off"
          required
          maxLength={64}
          pattern="[^\\]*\S[^\\]*"
          value={name}
          error={keep.isError ? errorText(t, keep.error) : undefined}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={keep.isPending}>
            {t('objects.keep-view-save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
