import { useState, type FormEvent, type ReactNode } from 'react'
import { useApi } from '../client/client-context.tsx'
import { frameDuration } from '../imaging/stack-image.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { BurnedNote } from './burned-note.tsx'
import { Choice, NumberField, Tick } from './choices.tsx'
import styles from './export.module.css'
import { filmMaking } from './film.ts'
import { makeExport, type ExportWishes } from './make-export.ts'
import { Preview } from './preview.tsx'
import { recordExport } from './record-export.ts'
import { RunFoot } from './run-foot.tsx'
import { saveFile } from './save-file.ts'
import type { PictureSize } from './stage.ts'
import type { PaneSubject } from './subject.ts'
import { useRun } from './use-run.ts'

const QUALITIES = { least: 50, most: 100, usual: 90 } as const
const SPEEDS = { least: 1, most: 60, usual: 10 } as const

type Which = 'this' | 'series' | 'some'

/** What of a pane's images is saved, and how; nothing of it says who the patient is unless that is asked for. */
export function ExportDialog({
  subject,
  onClose,
}: {
  readonly subject: PaneSubject
  readonly onClose: () => void
}): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const toast = useToast()
  const { images } = subject
  const count = images.length
  const index = subject.state()?.index ?? 0
  const [which, setWhich] = useState<Which>('this')
  const [some, setSome] = useState({ from: 1, to: count })
  const [format, setFormat] = useState<ExportWishes['format']>('png')
  const [quality, setQuality] = useState<number>(QUALITIES.usual)
  const [perSecond, setPerSecond] = useState(() => speedOf(images[index]))
  const [size, setSize] = useState<PictureSize>('own')
  const [marks, setMarks] = useState(true)
  const [texts, setTexts] = useState(false)
  const [patient, setPatient] = useState(false)
  const run = useRun()
  const making = filmMaking()
  const [from, to] =
    which === 'this' ? [index, index] : which === 'series' ? [0, count - 1] : [some.from - 1, some.to - 1]
  const total = Math.max(0, to - from + 1)
  const isFilm = format === 'webm' && which !== 'this'
  const isRunning = run.done !== undefined

  function save(): void {
    const wishes: ExportWishes = {
      from,
      to,
      format: format === 'webm' && which === 'this' ? 'png' : format,
      quality: quality / 100,
      size,
      perSecond,
      marks,
      texts,
      patient,
    }
    run.start(async (onDone, signal) => {
      const file = await makeExport(subject, wishes, { t, language }, onDone, signal)
      const deed = { format: wishes.format, identified: patient }
      await recordExport(api, deed, images.slice(from, to + 1), signal)
      saveFile(file)
      toast({ text: t('export.saved', { name: file.name }), tone: 'ok' })
      onClose()
    })
  }

  return (
    <Dialog open onOpenChange={onClose} wide title={t('export.title')}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!isRunning) save()
        }}
      >
        <Preview subject={subject} size={size} marks={marks} texts={texts} patient={patient} />
        <fieldset className={styles.choices} disabled={isRunning}>
          {count > 1 && (
            <Choice
              legend={t('export.images')}
              value={which}
              onChange={setWhich}
              options={[
                { value: 'this', text: t('export.this-image') },
                { value: 'series', text: t('export.whole-series', { count }) },
                { value: 'some', text: t('export.some') },
              ]}
            >
              {which === 'some' && (
                <div className={styles.more}>
                  <NumberField
                    label={t('export.from')}
                    value={some.from}
                    least={1}
                    most={Math.min(count, some.to || count)}
                    onChange={(value) => setSome({ ...some, from: value })}
                  />
                  <NumberField
                    label={t('export.to')}
                    value={some.to}
                    least={some.from || 1}
                    most={count}
                    onChange={(value) => setSome({ ...some, to: value })}
                  />
                </div>
              )}
            </Choice>
          )}
          <Choice
            legend={t('export.format')}
            value={which === 'this' && format === 'webm' ? 'png' : format}
            onChange={setFormat}
            options={[
              { value: 'png', text: t('export.format-png') },
              { value: 'jpeg', text: t('export.format-jpeg') },
              ...(which === 'this'
                ? []
                : [
                    {
                      value: 'webm' as const,
                      text: t('export.format-webm'),
                      disabled: making === undefined,
                    },
                  ]),
            ]}
          >
            {format === 'jpeg' && (
              <label className={styles.slider}>
                <span>{t('export.quality')}</span>
                <input
                  type="range"
                  min={QUALITIES.least}
                  max={QUALITIES.most}
                  value={quality}
                  onChange={(event) => setQuality(event.target.valueAsNumber)}
                />
                <output>{quality} %</output>
              </label>
            )}
            {isFilm && (
              <div className={styles.more}>
                <NumberField
                  label={t('export.per-second')}
                  value={perSecond}
                  least={SPEEDS.least}
                  most={SPEEDS.most}
                  onChange={setPerSecond}
                />
              </div>
            )}
            {isFilm && making === 'recorded' && <p className={styles.hint}>{t('export.film-recorded')}</p>}
            {which !== 'this' && making === undefined && <p className={styles.hint}>{t('export.no-film')}</p>}
          </Choice>
          <Choice
            legend={t('export.size')}
            value={size}
            onChange={setSize}
            options={[
              { value: 'own', text: t('export.size-own') },
              { value: 'screen', text: t('export.size-screen') },
            ]}
          />
          <fieldset className={styles.choice}>
            <legend>{t('export.with')}</legend>
            <Tick
              text={t('export.marks')}
              hint={t('export.marks-text')}
              checked={marks}
              onChange={setMarks}
            />
            <Tick
              text={t('export.texts')}
              hint={t('export.texts-text')}
              checked={texts}
              onChange={setTexts}
            />
            <Tick
              text={t('export.patient')}
              hint={t('export.patient-text')}
              checked={patient}
              onChange={setPatient}
            />
          </fieldset>
          {!patient && <BurnedNote images={images} />}
          <p className={patient ? styles.named : styles.hint} role="status">
            {t(patient ? 'export.named' : 'export.anonymous')}
          </p>
        </fieldset>
        <RunFoot
          run={run}
          total={total}
          begin={
            isFilm
              ? t('export.save-film')
              : total > 1
                ? t('export.save-images', { count: total })
                : t('export.save-image')
          }
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

/** As fast as the file wants to be played. */
function speedOf(image: PaneSubject['images'][number] | undefined): number {
  const duration = image && frameDuration(image)
  if (duration === undefined) return SPEEDS.usual
  return Math.max(SPEEDS.least, Math.min(SPEEDS.most, Math.round(1000 / duration)))
}
