import { CircleAlert, CircleCheck, Image as ImageIcon } from 'lucide-react'
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import { readDocument } from '../../core/dicom/report/read-document.ts'
import type {
  ImageReference,
  ReportDocument,
  ReportItem,
  ReportValue,
  Verification,
} from '../../core/dicom/report/report-document.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { displayDicomDate, displayDicomTime } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { placeOf, type ImagePlace } from './image-place.ts'
import type { ObjectViewProps } from './object-view.ts'
import { FileLink } from './offered-file.tsx'
import styles from './report-view.module.css'

interface Reader {
  readonly opening: StudyOpening
  readonly onGo: (place: ImagePlace) => void
}

const ReaderContext = createContext<Reader | undefined>(undefined)

/** A structured report as a document to be read: headings, running text, tables of measurements, links to its images. */
export function ReportView({ opening, instance, onGo }: ObjectViewProps): ReactNode {
  const { t } = useTexts()
  const report = useMemo(() => readDocument(instance), [instance])
  const reader = useMemo(() => ({ opening, onGo }), [opening, onGo])
  return (
    <ReaderContext value={reader}>
      <article className={styles.sheet} aria-label={report.title || t('objects.kind-report')}>
        <Head report={report} />
        {report.root.children.length === 0 && <p className={styles.quiet}>{t('objects.empty')}</p>}
        <Content items={report.root.children} isRunning={report.root.isRunning} level={2} />
        {report.isCut && <p className={styles.warning}>{t('objects.cut')}</p>}
        <footer className={styles.foot}>
          <FileLink instance={instance} />
        </footer>
      </article>
    </ReaderContext>
  )
}

function Head({ report }: { readonly report: ReportDocument }): ReactNode {
  const { t } = useTexts()
  const { root } = report
  const when = [displayDicomDate(report.contentDate), displayDicomTime(report.contentTime)]
  const facts = [when.join(' ').trim(), report.manufacturer, report.completionText].filter(
    (fact) => fact !== '',
  )
  return (
    <header className={styles.head}>
      <h1>{report.title || t('objects.untitled')}</h1>
      <p className={styles.flags}>
        {report.completion !== undefined && (
          <Flag well={report.completion === 'complete'} text={t(`objects.${report.completion}`)} />
        )}
        {report.isPreliminary && <Flag well={false} text={t('objects.preliminary')} />}
        {report.isVerified !== undefined && (
          <Flag
            well={report.isVerified}
            text={t(report.isVerified ? 'objects.verified' : 'objects.unverified')}
          />
        )}
      </p>
      {report.verifications.map((verification, index) => (
        <p key={index} className={styles.quiet}>
          <VerifiedBy verification={verification} />
        </p>
      ))}
      {facts.length > 0 && <p className={styles.quiet}>{facts.join(' · ')}</p>}
      <Facts items={[...root.modifiers, ...root.context]} />
    </header>
  )
}

function Flag({ well, text }: { readonly well: boolean; readonly text: string }): ReactNode {
  const Sign = well ? CircleCheck : CircleAlert
  return (
    <span className={classNames(styles.flag, well ? styles.well : styles.care)}>
      <Sign size={14} strokeWidth={2} aria-hidden="true" />
      {text}
    </span>
  )
}

function VerifiedBy({
  verification: { name, organisation, dateTime },
}: {
  readonly verification: Verification
}): ReactNode {
  const { t, language } = useTexts()
  const who = [
    displayPersonName(name ?? null, language).primary,
    organisation,
    displayDateTime(dateTime),
  ].filter((part) => part !== '')
  return t('objects.verified-by', { who: who.join(', ') || '–' })
}

/** Names and values in a line each: what is true of all that follows. */
function Facts({ items }: { readonly items: readonly ReportItem[] }): ReactNode {
  if (items.length === 0) return null
  return (
    <dl className={styles.facts}>
      {items.map((item, index) => (
        <div key={index}>
          <dt>{item.name}</dt>
          <dd>
            <Value item={item} />
            <Asides items={[...item.modifiers, ...item.context, ...item.children]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface ContentProps {
  readonly items: readonly ReportItem[]
  readonly isRunning: boolean
  readonly level: number
}

const PROSE: ReadonlySet<string | undefined> = new Set([
  'text',
  'person',
  'code',
  'number',
  'date',
  'time',
  'date-time',
])
const isProse = ({ value, children }: ReportItem): boolean =>
  PROSE.has(value?.kind) && !children.some(({ value: below }) => below === undefined)
/** More than a sentence: not for a line of a table. */
const LONG_TEXT = 90

/** What a container contains, in its order; neighbours of one kind together. */
function Content({ items, isRunning, level }: ContentProps): ReactNode {
  return (
    <>
      {runsOf(items, isRunning).map((run, index) => {
        const [first] = run.items
        if (run.kind === 'prose') return <Running key={index} items={run.items} />
        if (run.kind === 'measurements') return <Measurements key={index} items={run.items} />
        if (run.kind === 'facts') return <Facts key={index} items={run.items} />
        if (run.kind === 'images') return <Images key={index} items={run.items} />
        return first === undefined ? null : <Section key={index} item={first} level={level} />
      })}
    </>
  )
}

type Run = {
  readonly kind: 'measurements' | 'facts' | 'images' | 'prose' | 'one'
  readonly items: ReportItem[]
}

function runsOf(items: readonly ReportItem[], isRunning: boolean): Run[] {
  if (!isRunning) return joined(items, runKind)
  const isText = (item: ReportItem): boolean => item.value?.kind === 'text'
  return joined(items, (item) => (isProse(item) ? 'prose' : 'one')).flatMap((run) =>
    // What has no words of its own between its values is no text, whatever the file calls it.
    run.kind === 'prose' && run.items.length > 1 && run.items.some(isText)
      ? [run]
      : joined(run.items, runKind),
  )
}

/** Neighbours of one kind together. */
function joined(items: readonly ReportItem[], kindOf: (item: ReportItem) => Run['kind']): Run[] {
  const runs: Run[] = []
  for (const item of items) {
    const kind = kindOf(item)
    const last = runs.at(-1)
    if (kind !== 'one' && last?.kind === kind) last.items.push(item)
    else runs.push({ kind, items: [item] })
  }
  return runs
}

function runKind({ value }: ReportItem): Run['kind'] {
  if (value === undefined) return 'one'
  if (value.kind === 'number') return 'measurements'
  if (value.kind === 'reference' && value.isImage) return 'images'
  if (value.kind === 'text' && (value.text.length > LONG_TEXT || value.text.includes('\n'))) return 'one'
  return 'facts'
}

function Section({ item, level }: { readonly item: ReportItem; readonly level: number }): ReactNode {
  const Heading = `h${Math.min(level, 6)}` as 'h2'
  const { value } = item
  return (
    <section className={styles.section} data-level={Math.min(level, 6)}>
      {item.name !== '' && <Heading>{item.name}</Heading>}
      <Facts items={[...item.modifiers, ...item.context]} />
      {value !== undefined && (
        <p className={styles.text}>
          <Value item={item} />
        </p>
      )}
      {value === undefined ? (
        <Content items={item.children} isRunning={item.isRunning} level={level + 1} />
      ) : (
        <p className={styles.quiet}>
          <Asides items={item.children} />
        </p>
      )}
    </section>
  )
}

/** One text out of many items, as it was dictated. */
function Running({ items }: { readonly items: readonly ReportItem[] }): ReactNode {
  return (
    <p className={styles.text}>
      {items.map((item, index) => (
        <span
          key={index}
          title={item.name}
          className={item.value?.kind === 'text' ? undefined : styles.coded}
        >
          {index > 0 && !startsWithPoint(item) && ' '}
          <Value item={item} />
          <Asides items={[...item.modifiers, ...item.children]} />
        </span>
      ))}
    </p>
  )
}

const startsWithPoint = ({ value }: ReportItem): boolean =>
  value?.kind === 'text' && /^[.,;:)]/.test(value.text)

function Measurements({ items }: { readonly items: readonly ReportItem[] }): ReactNode {
  const { t } = useTexts()
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('objects.quantity')}</th>
          <th scope="col" className={styles.figure}>
            {t('objects.value')}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {items.map((item, index) => (
          <tr key={index}>
            <th scope="row">{item.name || '–'}</th>
            <td className={styles.figure}>
              <Value item={item} />
            </td>
            <td className={styles.quiet}>
              <Asides items={[...item.modifiers, ...item.context, ...item.children]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Images({ items }: { readonly items: readonly ReportItem[] }): ReactNode {
  return (
    <ul className={styles.images}>
      {items.map((item, index) => (
        <li key={index}>
          <Value item={item} />
          <Asides items={[...item.modifiers, ...item.children]} />
        </li>
      ))}
    </ul>
  )
}

/** What hangs on a value, and what hangs on that; identifiers are for machines. */
function Asides({ items }: { readonly items: readonly ReportItem[] }): ReactNode {
  const said = items.filter(({ value }) => value?.kind !== 'uid')
  return said.map((item, index) => (
    <span key={index} className={styles.aside}>
      {item.name !== '' && item.value?.kind !== 'reference' && (
        <span className={styles.label}>{item.name}: </span>
      )}
      <Value item={item} />
      <Asides items={[...item.modifiers, ...item.context, ...item.children]} />
    </span>
  ))
}

function Value({ item }: { readonly item: ReportItem }): ReactNode {
  const { t, language } = useTexts()
  const { value } = item
  if (value === undefined) return null
  switch (value.kind) {
    case 'text':
      return <span className={styles.written}>{value.text.replace(/\r\n?/g, '\n')}</span>
    case 'code':
      return <span title={value.code}>{value.meaning}</span>
    case 'number':
      return [shownNumber(value), value.unit, value.qualifier].filter((part) => part !== '').join(' ')
    case 'person':
      return displayPersonName(value.name, language).primary
    case 'date':
      return displayDicomDate(value.text)
    case 'time':
      return displayDicomTime(value.text) || value.text
    case 'date-time':
      return displayDateTime(value.text)
    case 'uid':
      return <span className={styles.uid}>{value.uid}</span>
    case 'reference':
      return <Reference name={item.name} isImage={value.isImage} to={value.to} />
    case 'region': {
      const values = { shape: value.shape, count: value.points }
      return t(value.inSpace ? 'objects.region-in-space' : 'objects.region', values)
    }
    case 'moments':
      return [value.range, value.positions.join(', ')].join(' ').trim()
    case 'unknown':
      return t('objects.unknown-item', { kind: value.valueType || '–' })
  }
}

function Reference({
  name,
  isImage,
  to,
}: {
  readonly name: string
  readonly isImage: boolean
  readonly to: ImageReference
}): ReactNode {
  const { t } = useTexts()
  const reader = useContext(ReaderContext)
  const place = reader && isImage ? placeOf(to, reader.opening) : undefined
  const series = reader?.opening.series.find(
    ({ seriesInstanceUid }) => seriesInstanceUid === to.seriesInstanceUid,
  )
  const words = [
    name ||
      (isImage && series !== undefined
        ? t('objects.image-of-series', {
            series: `${series.seriesNumber ?? '–'} ${series.seriesDescription}`.trim(),
          })
        : t(isImage ? 'objects.image' : 'objects.object')),
    ...to.frameNumbers.slice(0, 3).map((frame) => t('objects.frame', { frame })),
  ].join(', ')
  if (reader === undefined || place === undefined)
    return (
      <span className={styles.absent} title={to.sopInstanceUid}>
        {isImage && series === undefined ? `${words} (${t('objects.not-in-study')})` : words}
      </span>
    )
  return (
    <button
      type="button"
      className={styles.link}
      title={t('objects.go-to-image')}
      onClick={() => reader.onGo(place)}
    >
      <ImageIcon size={13} strokeWidth={2} aria-hidden="true" />
      {words}
    </button>
  )
}

/** Digits beyond what anybody measures are of the machine; the file has them all. */
function shownNumber({ number }: Extract<ReportValue, { kind: 'number' }>): string {
  const parsed = Number(number)
  if (number === '' || !Number.isFinite(parsed)) return number
  return number.length > 8 ? String(Number(parsed.toPrecision(5))) : number
}

function displayDateTime(text: string): string {
  return `${displayDicomDate(text.slice(0, 8))} ${displayDicomTime(text.slice(8))}`.trim()
}
