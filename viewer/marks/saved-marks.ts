import type { MeasurementReport } from '../../core/contract/api.ts'
import type { Mark } from './mark.ts'
import type { MarkStore } from './mark-store.ts'

/** A report and those of its marks that count: neither in a later report nor in the draft. */
export interface ShownReport extends Omit<MeasurementReport, 'marks'> {
  readonly marks: readonly Mark[]
}

/** What panes draw: the draft of the reader, and what is in reports. */
export interface DrawnMarks {
  list(): readonly Mark[]
  /** In a report, and not in the draft: nobody changes it where it is. */
  isSaved(trackingUid: string): boolean
  /** Into the draft, as MarkStore does. */
  put: MarkStore['put']
  subscribe(listener: () => void): () => void
}

export interface SavedMarks extends DrawnMarks {
  /** All reports of the studies that are open, the oldest of a study first. */
  restore(reports: readonly MeasurementReport[]): void
  /** Those of which something is to be shown, the newest first. The same array until something changes. */
  reports(): readonly ShownReport[]
  setHidden(trackingUid: string, hidden: boolean): void
}

/** The draft in `store` together with what was saved; a mark that is in both is the draft's. */
export function createSavedMarks(store: MarkStore): SavedMarks {
  let all: readonly MeasurementReport[] = []
  let hidden: ReadonlySet<string> = new Set()
  let shown: readonly ShownReport[] = []
  let saved: ReadonlySet<string> = new Set()
  let drawn: readonly Mark[] = store.list()
  const listeners = new Set<() => void>()

  function update(): void {
    const seen = new Set(store.list().map(({ trackingUid }) => trackingUid))
    const later: ShownReport[] = []
    for (const report of [...all].reverse()) {
      const marks = report.marks
        .filter(({ trackingUid }) => !seen.has(trackingUid))
        .map((mark) => ({ ...mark, hidden: hidden.has(mark.trackingUid) }))
      for (const { trackingUid } of marks) seen.add(trackingUid)
      if (marks.length + report.undrawn > 0) later.push({ ...report, marks })
    }
    shown = later
    const inReports = shown.flatMap(({ marks }) => marks)
    saved = new Set(inReports.map(({ trackingUid }) => trackingUid))
    drawn = [...inReports, ...store.list()]
    for (const listener of listeners) listener()
  }

  store.subscribe(update)
  return {
    list: () => drawn,
    isSaved: (trackingUid) => saved.has(trackingUid),
    put: store.put,
    reports: () => shown,
    restore(reports) {
      all = reports
      update()
    },
    setHidden(trackingUid, hide) {
      hidden = new Set([...hidden].filter((uid) => uid !== trackingUid).concat(hide ? [trackingUid] : []))
      update()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
