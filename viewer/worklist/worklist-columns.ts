import type { TextKey } from '../locales/text-key.ts'
import type { WorklistSort } from './worklist-filters.ts'

export interface WorklistColumn {
  /** Also the class of its cells. */
  readonly name:
    | 'status'
    | 'thumbnail'
    | 'patient'
    | 'patientId'
    | 'sexAge'
    | 'modalities'
    | 'description'
    | 'studyDate'
    | 'accession'
    | 'instances'
    | 'received'
  readonly title: TextKey
  /** What the server sorts by when the title is pressed, and which way first. */
  readonly sort?: { readonly by: WorklistSort; readonly first: 'asc' | 'desc' }
}

/** The columns in their order; which of them show at which width is in worklist-table.module.css. */
export const WORKLIST_COLUMNS: readonly WorklistColumn[] = [
  { name: 'status', title: 'worklist.column.status' },
  { name: 'thumbnail', title: 'worklist.column.thumbnail' },
  { name: 'patient', title: 'worklist.column.patient', sort: { by: 'patientName', first: 'asc' } },
  { name: 'patientId', title: 'worklist.column.patient-id', sort: { by: 'patientId', first: 'asc' } },
  { name: 'sexAge', title: 'worklist.column.sex-age' },
  { name: 'modalities', title: 'worklist.column.modality', sort: { by: 'modality', first: 'asc' } },
  { name: 'description', title: 'worklist.column.description', sort: { by: 'description', first: 'asc' } },
  { name: 'studyDate', title: 'worklist.column.study-date', sort: { by: 'studyDate', first: 'desc' } },
  { name: 'accession', title: 'worklist.column.accession' },
  { name: 'instances', title: 'worklist.column.instances', sort: { by: 'instances', first: 'desc' } },
  { name: 'received', title: 'worklist.column.received', sort: { by: 'received', first: 'desc' } },
]
