import { useMemo, useState, type FormEvent, type ReactNode } from 'react'
import { firstNumber, firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { displayLocalTime } from '../ui/dates.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { BurnedNote } from './burned-note.tsx'
import { Choice, NumberField, Tick } from './choices.tsx'
import styles from './export.module.css'
import { seriesName } from './file-names.ts'
import { panePrints, seriesPrints } from './make-prints.ts'
import { PagePreview } from './page-preview.tsx'
import { patientLines } from './patient-lines.ts'
import { printDocument } from './print-document.ts'
import {
  everyNth,
  IMAGES_A_PAGE,
  layoutFor,
  shapeOf,
  type ImagesAPage,
  type PageLayout,
  type Paper,
} from './print-layout.ts'
import { recordExport } from './record-export.ts'
import { RunFoot } from './run-foot.tsx'
import type { ExportSubjects } from './subject.ts'
import { useRun } from './use-run.ts'

type What = 'series' | 'panes'

/** Images on paper, for the patient's file: the patient is at the head of each page unless that is taken off. */
export function PrintDialog({
  subjects: { active, panes },
  onClose,
}: {
  readonly subjects: ExportSubjects
  readonly onClose: () => void
}): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const toast = useToast()
  const run = useRun()
  const count = active.images.length
  const [what, setWhat] = useState<What>(count > 1 && panes.length === 1 ? 'series' : 'panes')
  const [range, setRange] = useState({ from: 1, to: count, step: Math.max(1, Math.ceil(count / 20)) })
  const [layout, setLayout] = useState<PageLayout>(() => ({
    paper: language === 'en' && navigator.language === 'en-US' ? 'Letter' : 'A4',
    isLying: false,
    imagesAPage: layoutFor(what === 'panes' ? panes.length : Math.min(20, count)),
  }))
  const [marks, setMarks] = useState(true)
  const [texts, setTexts] = useState(true)
  const [patient, setPatient] = useState(true)
  const isRunning = run.done !== undefined
  const indices = useMemo(
    () => (what === 'panes' ? [] : everyNth(range.from - 1, range.to - 1, range.step)),
    [what, range],
  )
  const total = what === 'panes' ? panes.length : indices.length
  const pages = Math.ceil(total / layout.imagesAPage)
  const image = active.images[active.state()?.index ?? 0]
  const shown = useMemo(
    () => (what === 'panes' ? panes.flatMap((pane) => pane.images) : active.images),
    [what, panes, active],
  )
  const head = patient ? patientLines(active.opening, image, { t, language }) : ([[], []] as const)

  function print(): void {
    // Where panes are of several studies, the head of the page is not for all of them.
    const isMixed = new Set(panes.map(({ opening }) => opening.study.studyInstanceUid)).size > 1
    const wishes = { marks, texts, patient: patient && isMixed && what === 'panes' }
    const words = { t, language }
    run.start(async (onDone, signal) => {
      const pictures =
        what === 'panes'
          ? await panePrints(panes, wishes, words, onDone, signal)
          : await seriesPrints(active, indices, shapeOf(layout).cellWidth, wishes, words, onDone, signal)
      const printed =
        what === 'panes'
          ? panes.map((pane) => pane.images[pane.state()?.index ?? 0])
          : indices.map((index) => active.images[index])
      await recordExport(
        api,
        { format: 'print', identified: patient },
        printed.filter((each) => each !== undefined),
        signal,
      )
      onClose()
      printDocument({
        pictures,
        layout,
        head: wishes.patient ? [[], []] : head,
        foot: [
          [
            ...(what === 'series' ? [seriesText()] : []),
            t('export.printed', { when: displayLocalTime(new Date().toISOString()) }),
          ].join(' · '),
          (page, of) => t('export.page', { page: String(page), of: String(of) }),
        ],
        name: image === undefined ? 'Yunying' : seriesName(image),
      })
        .catch(() => toast({ text: t('export.failed'), tone: 'danger' }))
        .finally(() => pictures.forEach((url) => URL.revokeObjectURL(url)))
    })
  }

  function seriesText(): string {
    const said = image?.metadata ?? {}
    return [
      firstString(said, Tag.Modality),
      t('export.series-number', { number: String(firstNumber(said, Tag.SeriesNumber) ?? '–') }),
      // Free text, which may name anyone.
      patient ? firstString(said, Tag.SeriesDescription) : undefined,
    ]
      .filter((part) => part !== undefined && part !== '')
      .join(' · ')
  }

  return (
    <Dialog open onOpenChange={onClose} wide title={t('export.print-title')}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (!isRunning) print()
        }}
      >
        <PagePreview layout={layout} head={head} total={total} pages={pages} />
        <fieldset className={styles.choices} disabled={isRunning}>
          <Choice
            legend={t('export.images')}
            value={what}
            onChange={(next) => {
              setWhat(next)
              const images = next === 'panes' ? panes.length : Math.min(20, count)
              setLayout({ ...layout, imagesAPage: layoutFor(images) })
            }}
            options={[
              { value: 'series', text: t('export.whole-series', { count }) },
              {
                value: 'panes',
                text:
                  panes.length === 1 ? t('export.this-image') : t('export.panes', { count: panes.length }),
              },
            ]}
          >
            {what === 'series' && count > 1 && (
              <div className={styles.more}>
                <NumberField
                  label={t('export.every')}
                  value={range.step}
                  least={1}
                  most={count}
                  onChange={(step) => setRange({ ...range, step })}
                />
                <NumberField
                  label={t('export.from')}
                  value={range.from}
                  least={1}
                  most={Math.min(count, range.to || count)}
                  onChange={(from) => setRange({ ...range, from })}
                />
                <NumberField
                  label={t('export.to')}
                  value={range.to}
                  least={range.from || 1}
                  most={count}
                  onChange={(to) => setRange({ ...range, to })}
                />
              </div>
            )}
          </Choice>
          <Choice
            legend={t('export.images-a-page')}
            value={String(layout.imagesAPage)}
            onChange={(value) => setLayout({ ...layout, imagesAPage: Number(value) as ImagesAPage })}
            options={IMAGES_A_PAGE.map((each) => ({ value: String(each), text: String(each) }))}
          />
          <div className={styles.two}>
            <Choice
              legend={t('export.paper')}
              value={layout.paper}
              onChange={(paper: Paper) => setLayout({ ...layout, paper })}
              options={[
                { value: 'A4', text: 'A4' },
                { value: 'Letter', text: 'Letter' },
              ]}
            />
            <Choice
              legend={t('export.page-lies')}
              value={layout.isLying ? 'lying' : 'upright'}
              onChange={(value) => setLayout({ ...layout, isLying: value === 'lying' })}
              options={[
                { value: 'upright', text: t('export.upright') },
                { value: 'lying', text: t('export.lying') },
              ]}
            />
          </div>
          <fieldset className={styles.choice}>
            <legend>{t('export.with')}</legend>
            <Tick text={t('export.marks')} checked={marks} onChange={setMarks} />
            <Tick text={t('export.texts')} checked={texts} onChange={setTexts} />
            <Tick
              text={t('export.head')}
              hint={t('export.head-text')}
              checked={patient}
              onChange={setPatient}
            />
          </fieldset>
          {!patient && <BurnedNote images={shown} />}
        </fieldset>
        <RunFoot run={run} total={total} begin={t('export.print-begin')} onClose={onClose} />
      </form>
    </Dialog>
  )
}
