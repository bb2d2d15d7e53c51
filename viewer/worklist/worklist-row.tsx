import { Link } from '@tanstack/react-router'
import { memo, type CSSProperties, type MouseEvent, type ReactNode } from 'react'
import type { WorklistStudy } from '../../core/contract/api.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { displayDicomDate, displayDicomTime, displayMoment } from '../ui/dates.ts'
import { displayPersonName } from '../ui/person-name.ts'
import { displaySex } from '../ui/sex.ts'
import { useAge } from '../ui/use-age.ts'
import { WORKLIST_COLUMNS } from './worklist-columns.ts'
import styles from './worklist-table.module.css'

const FRESH_MS = 8000

interface WorklistRowProps {
  readonly index: number
  readonly study: WorklistStudy
  readonly selected: boolean
  readonly onOpen: (study: WorklistStudy) => void
  readonly onPreview: (index: number, study: WorklistStudy) => void
  readonly onHover: (study: WorklistStudy) => void
}

/** One study on one line. */
export const WorklistRow = memo(function WorklistRow(props: WorklistRowProps): ReactNode {
  const { index, study, selected, onOpen, onPreview, onHover } = props
  const { t, language } = useTexts()
  const age = useAge(study.patientBirthDate, study.studyDate)
  const name = displayPersonName(study.patientName, language)
  const shown = name.primary || study.patientId || t('shell.patient.unnamed')
  const now = Date.now()
  const isFresh = now - Date.parse(study.firstReceivedAt) < FRESH_MS
  const sex = displaySex(study.patientSex, t)

  const open = (event: MouseEvent): void => {
    // A press on the link, or one that wants another tab, is the browser's own.
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.target instanceof HTMLAnchorElement)
      return
    onOpen(study)
  }

  return (
    <div
      id={rowId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classNames(styles.row, styles.body, selected && styles.selected, isFresh && styles.fresh)}
      style={rowPlace(index)}
      onClick={open}
      onPointerEnter={() => onHover(study)}
    >
      <Cell name="status">
        <span
          className={classNames(styles.dot, study.status !== 'ready' && styles[study.status])}
          title={t(`worklist.status.${study.status}`)}
        />
        <span className="visually-hidden">{t(`worklist.status.${study.status}`)}</span>
      </Cell>
      <Cell name="thumbnail">
        <button
          type="button"
          tabIndex={-1}
          className={styles.thumb}
          aria-label={t('worklist.preview.of', { name: shown })}
          onClick={(event) => {
            event.stopPropagation()
            onPreview(index, study)
          }}
        >
          {study.thumbnailUrl !== null && (
            <img src={study.thumbnailUrl} alt="" loading="lazy" decoding="async" />
          )}
        </button>
      </Cell>
      <Cell name="patient">
        <Link
          to="/studies/$studyInstanceUid"
          params={{ studyInstanceUid: study.studyInstanceUid }}
          className={styles.name}
          tabIndex={-1}
          preload={false}
        >
          {shown}
        </Link>
        {name.secondary !== '' && <span className={styles.other}>{name.secondary}</span>}
      </Cell>
      <Cell name="patientId">{study.patientId}</Cell>
      <Cell name="sexAge">{[sex, age].filter((part) => part !== '').join(' · ')}</Cell>
      <Cell name="modalities">
        {study.modalities.map((modality) => (
          <span key={modality} className={styles.chip}>
            {modality}
          </span>
        ))}
      </Cell>
      <Cell name="description">{study.studyDescription}</Cell>
      <Cell name="studyDate">
        {displayDicomDate(study.studyDate)}
        <span className={styles.clock}> {displayDicomTime(study.studyTime)}</span>
      </Cell>
      <Cell name="accession">{study.accessionNumber}</Cell>
      <Cell name="instances">
        <span title={t('worklist.amount', { series: study.seriesCount, count: study.instanceCount })}>
          {study.seriesCount} / {new Intl.NumberFormat(language).format(study.instanceCount)}
        </span>
      </Cell>
      <Cell name="received">
        <time dateTime={study.lastReceivedAt}>{displayMoment(study.lastReceivedAt, now, language)}</time>
      </Cell>
    </div>
  )
})

function Cell({
  name,
  children,
}: {
  name: (typeof WORKLIST_COLUMNS)[number]['name']
  children: ReactNode
}): ReactNode {
  return (
    <div role="gridcell" className={classNames(styles.cell, styles[name])}>
      {children}
    </div>
  )
}

/** A row that is on its way. */
export function WorklistBones({ index }: { index: number }): ReactNode {
  const widths = [0, 30, 60 + ((index * 37) % 35), 70, 40, 40, 50 + ((index * 53) % 40), 80, 60, 40, 50]
  return (
    <div
      className={classNames(styles.row, styles.body, styles.bones)}
      style={rowPlace(index)}
      aria-hidden="true"
    >
      {WORKLIST_COLUMNS.map(({ name }, column) => (
        <div key={name} className={classNames(styles.cell, styles[name])}>
          <div className={styles.bone} style={{ width: `${widths[column]}%` }} />
        </div>
      ))}
    </div>
  )
}

export const ROW_PIXELS = 36

export const rowId = (index: number): string => `worklist-row-${index}`

const rowPlace = (index: number): CSSProperties => ({ transform: `translateY(${index * ROW_PIXELS}px)` })
