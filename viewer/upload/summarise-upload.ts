import type { PersonName } from '../../core/contract/api.ts'
import type { UploadItem } from './upload-item.ts'

/** One study of the upload and what became of its files. */
export interface SummaryStudy {
  readonly studyInstanceUid: string
  readonly description: string
  readonly date: string
  readonly modalities: readonly string[]
  readonly stored: number
  readonly duplicate: number
  readonly conflict: number
}

export interface SummaryPatient {
  readonly key: string
  /** Null when nobody said: all its files were here already, or the archive does not show it. */
  readonly name: PersonName | null
  readonly patientId: string
  readonly studies: readonly SummaryStudy[]
}

/** Files with one fate and one reason. */
export interface SummaryRefusal {
  readonly state: 'conflict' | 'rejected' | 'skipped' | 'failed'
  readonly reason: string
  readonly items: readonly UploadItem[]
}

export interface UploadSummary {
  readonly patients: readonly SummaryPatient[]
  readonly refusals: readonly SummaryRefusal[]
}

/** What an upload came to: by patient and study what arrived, by reason what did not. */
export function summariseUpload(items: readonly UploadItem[]): UploadSummary {
  const studies = new Map<string, Counted>()
  const refusals = new Map<string, SummaryRefusal & { items: UploadItem[] }>()
  for (const item of items) {
    const { state } = item
    if (state === 'stored' || state === 'duplicate' || state === 'conflict') count(studies, item, state)
    if (state === 'conflict' || state === 'rejected' || state === 'skipped' || state === 'failed') {
      const reason = item.reason ?? 'unknown'
      const refusal = refusals.get(`${state} ${reason}`) ?? { state, reason, items: [] }
      refusal.items.push(item)
      refusals.set(`${state} ${reason}`, refusal)
    }
  }
  return {
    patients: byPatient([...studies.values()]),
    refusals: [...refusals.values()].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
  }
}

/** What a person has to act on first. */
const ORDER = ['failed', 'conflict', 'rejected', 'skipped']

interface Counted {
  readonly studyInstanceUid: string
  name: PersonName | null
  patientId: string | undefined
  description: string
  date: string
  readonly modalities: Set<string>
  stored: number
  duplicate: number
  conflict: number
}

function count(
  studies: Map<string, Counted>,
  item: UploadItem,
  state: 'stored' | 'duplicate' | 'conflict',
): void {
  const { answer } = item
  if (answer?.studyInstanceUid === undefined || answer.studyInstanceUid === null) return
  const study = studies.get(answer.studyInstanceUid) ?? {
    studyInstanceUid: answer.studyInstanceUid,
    name: null,
    patientId: undefined,
    description: '',
    date: '',
    modalities: new Set<string>(),
    stored: 0,
    duplicate: 0,
    conflict: 0,
  }
  study[state] += 1
  study.name ??= answer.patientName ?? null
  study.patientId ??= answer.patientId ?? undefined
  study.description ||= answer.studyDescription ?? ''
  study.date ||= answer.studyDate ?? ''
  if (answer.modality) study.modalities.add(answer.modality)
  studies.set(answer.studyInstanceUid, study)
}

function byPatient(studies: readonly Counted[]): SummaryPatient[] {
  const patients = new Map<string, SummaryPatient & { studies: SummaryStudy[] }>()
  for (const { name, patientId, modalities, ...study } of studies) {
    const isNamed = name !== null || patientId !== undefined
    // An ID alone is not a person: hospitals reuse them, and a field of them is empty.
    const key = isNamed ? `${patientId ?? ''} ${JSON.stringify(name)}` : study.studyInstanceUid
    const patient = patients.get(key) ?? { key, name, patientId: patientId ?? '', studies: [] }
    patient.studies.push({ ...study, modalities: [...modalities].sort() })
    patients.set(key, patient)
  }
  return [...patients.values()]
}

/** The patients once more, those nobody had named filled in from what the archive says of their studies. */
export function withStudyNames(
  patients: readonly SummaryPatient[],
  known: ReadonlyMap<
    string,
    {
      readonly patientName: PersonName | null
      readonly patientId: string
      readonly studyDescription: string
      readonly studyDate: string
      readonly modalities: readonly string[]
    }
  >,
): readonly SummaryPatient[] {
  const merged = new Map<string, SummaryPatient & { studies: SummaryStudy[] }>()
  for (const patient of patients) {
    for (const study of patient.studies) {
      const found = known.get(study.studyInstanceUid)
      const name = patient.name ?? found?.patientName ?? null
      const patientId = patient.patientId || (found?.patientId ?? '')
      const key = name === null && patientId === '' ? patient.key : `${patientId} ${JSON.stringify(name)}`
      const whole = merged.get(key) ?? { key, name, patientId, studies: [] }
      whole.studies.push({
        ...study,
        description: study.description || (found?.studyDescription ?? ''),
        date: study.date || (found?.studyDate ?? ''),
        modalities: study.modalities.length > 0 ? study.modalities : (found?.modalities ?? []),
      })
      merged.set(key, whole)
    }
  }
  return [...merged.values()]
}
