import { useState, type FormEvent, type ReactNode } from 'react'
import { EXPECTED_SIZE } from '../../core/contract/sharing.ts'
import { fetchFile } from '../client/fetch-file.ts'
import { QueriesProvider } from '../client/queries-provider.tsx'
import { saveFile } from '../export/save-file.ts'
import { useRun } from '../export/use-run.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { DeidentifyChoice, type Deidentify } from '../share/deidentify-choice.tsx'
import { PartChoice, type Part } from '../share/part-choice.tsx'
import styles from '../share/share.module.css'
import { displayBytes } from '../ui/amounts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { Progress } from '../ui/progress.tsx'
import { zipNote } from './zip-note.ts'

interface ExportWithoutNamesProps {
  readonly studyInstanceUid: string
  readonly onClose: () => void
}

interface Amount {
  readonly done: number
  readonly total: number
}

/** A study to take away without names: what is kept, the images that may show a name, and how far it is. */
export function ExportWithoutNames({ studyInstanceUid, onClose }: ExportWithoutNamesProps): ReactNode {
  const { t } = useTexts()
  const toast = useToast()
  const [deidentify, setDeidentify] = useState<Deidentify>({})
  const [part, setPart] = useState<Part>()
  const [amount, setAmount] = useState<Amount>({ done: 0, total: 0 })
  const run = useRun()
  const isRunning = run.done !== undefined
  const isNothing = part !== undefined && part.series.length + part.instances.length === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setAmount({ done: 0, total: 0 })
    run.start(async (_onDone, signal) => {
      const file = await fetchFile(`/api/studies/${studyInstanceUid}/archive`, {
        body: { deidentify, ...(part === undefined ? {} : { selection: part }) },
        expectedSizeHeader: EXPECTED_SIZE,
        onBytes: (done, total) => setAmount({ done, total }),
        signal,
      })
      const note = await zipNote(file.blob)
      saveFile(file)
      const leftOut = note?.leftOut ?? 0
      toast({
        tone: 'ok',
        text:
          leftOut === 0
            ? t('deidentify.saved', { name: file.name })
            : t('deidentify.saved-without', { name: file.name, count: leftOut }),
      })
      onClose()
    })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      wide
      title={t('deidentify.export')}
      description={t('deidentify.export-hint')}
    >
      <QueriesProvider>
        <form className={styles.form} onSubmit={submit}>
          <fieldset className={styles.plain} disabled={isRunning}>
            <PartChoice studyInstanceUid={studyInstanceUid} part={part} onChange={setPart} />
            <DeidentifyChoice
              studyInstanceUid={studyInstanceUid}
              part={part}
              value={deidentify}
              onChange={setDeidentify}
            />
          </fieldset>
          {run.fault !== undefined && (
            <p role="alert" className={styles.fault}>
              {run.fault}
            </p>
          )}
          {isRunning && (
            <Progress
              label={t('deidentify.making')}
              value={amount.done}
              most={amount.total}
              text={
                amount.done === 0
                  ? t('deidentify.making')
                  : t('deidentify.made-of', {
                      done: displayBytes(amount.done),
                      total: displayBytes(Math.max(amount.done, amount.total)),
                    })
              }
            />
          )}
          <DialogActions>
            <Button onClick={() => (isRunning ? run.cancel() : onClose())}>{t('deidentify.cancel')}</Button>
            <Button type="submit" kind="primary" autoFocus disabled={isRunning || isNothing}>
              {t('deidentify.download')}
            </Button>
          </DialogActions>
        </form>
      </QueriesProvider>
    </Dialog>
  )
}
