import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react'
import type { DicomJsonElement } from '../../core/dicom/dicom-json.ts'
import { differingElements } from '../../core/dicom/differing-elements.ts'
import { elementRows, shownTag, valueText, type ElementRow } from '../../core/dicom/element-rows.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Dialog } from '../ui/dialog.tsx'
import { inputClass } from '../ui/field.tsx'
import { copyText } from '../ui/copy-text.ts'
import { useToast } from '../ui/toast.tsx'
import type { TagQuestion } from './tag-subject.ts'
import styles from './tags-dialog.module.css'
import { visibleRows } from './visible-rows.ts'

const ROW_PIXELS = 26
const INDENT_PIXELS = 14

/** The attributes of an image, to be searched; or in what it differs from another. */
export function TagsDialog({
  question: { own, others },
  onClose,
}: {
  readonly question: TagQuestion
  readonly onClose: () => void
}): ReactNode {
  const { t } = useTexts()
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed)
  const [compared, setCompared] = useState('')
  const other = others[Number.parseInt(compared, 10)]
  const rows = useMemo(
    () => (other === undefined ? elementRows(own.metadata) : differingRows(own.metadata, other.metadata)),
    [own, other],
  )
  return (
    <Dialog open onOpenChange={onClose} full title={t('tags.title')} description={own.name}>
      <div className={styles.head}>
        <input
          className={inputClass}
          type="search"
          autoFocus
          aria-label={t('tags.search')}
          placeholder={t('tags.search-hint')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {others.length > 0 && (
          <label className={styles.compare}>
            {t('tags.compare')}
            <select value={compared} onChange={(event) => setCompared(event.target.value)}>
              <option value="">{t('tags.compare-none')}</option>
              {others.map(({ name }, index) => (
                <option key={index} value={index}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Rows key={compared} rows={rows} wanted={wanted} otherName={other?.name} />
    </Dialog>
  )
}

/** A row of two images: `value` is that of the first, `second` that of the other. */
type ShownRow = ElementRow & { readonly second?: string }

interface RowsProps {
  readonly rows: readonly ShownRow[]
  readonly wanted: string
  /** Undefined: nothing is compared. */
  readonly otherName: string | undefined
}

function Rows({ rows, wanted, otherName }: RowsProps): ReactNode {
  const { t } = useTexts()
  const toast = useToast()
  const list = useRef<HTMLDivElement>(null)
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const shown: readonly ShownRow[] = useMemo(
    () => (otherName === undefined ? visibleRows(rows, wanted, unfolded) : found(rows, wanted)),
    [rows, wanted, unfolded, otherName],
  )
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 12,
  })
  const fold = (path: string): void =>
    setUnfolded((before) => {
      const after = new Set(before)
      if (!after.delete(path)) after.add(path)
      return after
    })
  const copy = (text: string): void => {
    void copyText(text).then((isThere) => isThere && toast({ text: t('tags.copied') }))
  }
  const text = (row: ShownRow, value: string): string => (row.isBulk && value === '' ? t('tags.bulk') : value)
  return (
    <>
      <p className={styles.count} role="status">
        {otherName === undefined
          ? t('tags.count', { count: shown.length })
          : t('tags.differences', { count: shown.length, name: otherName })}
      </p>
      <div
        ref={list}
        className={classNames(styles.list, otherName !== undefined && styles.two)}
        tabIndex={0}
        role="table"
        aria-label={t('tags.title')}
        aria-rowcount={shown.length}
      >
        <div style={{ height: virtual.getTotalSize() }} role="rowgroup">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = shown[index]
            if (row === undefined) return null
            const isFolded = !unfolded.has(row.path)
            const Chevron = isFolded ? ChevronRight : ChevronDown
            return (
              <div
                key={row.path}
                className={styles.row}
                style={{ translate: `0 ${start}px` }}
                role="row"
                aria-rowindex={index + 1}
              >
                <code role="cell" style={{ paddingLeft: row.depth * INDENT_PIXELS }}>
                  {shownTag(row.tag)}
                </code>
                <span className={styles.vr} role="cell">
                  {row.vr}
                </span>
                <span className={styles.name} role="cell" title={row.path}>
                  {row.keyword ?? <i>{row.creator ?? t('tags.private')}</i>}
                </span>
                {row.itemCount !== undefined ? (
                  <span role="cell">
                    <button
                      type="button"
                      className={styles.fold}
                      aria-expanded={!isFolded}
                      disabled={wanted.trim() !== ''}
                      onClick={() => fold(row.path)}
                    >
                      <Chevron size={14} strokeWidth={1.75} aria-hidden="true" />
                      {t('tags.items', { count: row.itemCount })}
                    </button>
                  </span>
                ) : (
                  <span className={styles.value} role="cell" title={row.value}>
                    {text(row, row.value)}
                  </span>
                )}
                {otherName !== undefined && (
                  <span className={styles.value} role="cell" title={row.second}>
                    {row.second}
                  </span>
                )}
                {row.value !== '' && (
                  <span role="cell">
                    <IconButton
                      label={t('tags.copy')}
                      className={styles.copy}
                      onClick={() => copy(row.value)}
                    >
                      <Copy size={13} strokeWidth={1.75} />
                    </IconButton>
                  </span>
                )}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

const found = (rows: readonly ShownRow[], wanted: string): ShownRow[] =>
  rows.filter((row) => visibleRows([{ ...row, path: row.tag }], wanted, new Set()).length > 0)

/** What two images do not say alike, each in one row. */
function differingRows(one: TagQuestion['own']['metadata'], other: typeof one): ShownRow[] {
  return (
    differingElements(one, other)
      // Where two are kept apart, their addresses differ, and say nothing of their content.
      .filter(({ first, second }) => first?.BulkDataURI === undefined || second?.BulkDataURI === undefined)
      .map(({ path, keyword, first, second }) => ({
        path,
        depth: path.split('/').length >> 1,
        tag: path.slice(-8),
        keyword,
        creator: undefined,
        vr: (first ?? second)?.vr ?? 'UN',
        value: sideText(first),
        second: sideText(second),
        itemCount: undefined,
        isBulk: first?.BulkDataURI !== undefined || first?.InlineBinary !== undefined,
      }))
  )
}

/** A sequence that only one of them has is told by its items. */
const sideText = (element: DicomJsonElement | undefined): string =>
  element === undefined ? '' : element.vr === 'SQ' ? `× ${element.Value?.length ?? 0}` : valueText(element)
