import type { StoreAnswer } from '../../../core/archive/store-instance.ts'
import type { UploadResult } from '../../../core/contract/api.ts'

/** What the upload page is told of one file; `failed`: a fault of ours kept it from being stored, and it can be sent again. */
export function uploadResult(file: string, answer: StoreAnswer | { readonly kind: 'failed' }): UploadResult {
  if (answer.kind === 'failed') {
    return { file, outcome: 'rejected', reason: 'internal-error', ...NOTHING_READ, warnings: [] }
  }
  return {
    file,
    outcome: answer.kind,
    reason: 'reason' in answer ? answer.reason : null,
    ...NOTHING_READ,
    ...uidsOf(answer),
    ...answer.attributes,
    patientName: answer.attributes?.patientName ?? null,
    warnings: 'warnings' in answer ? [...answer.warnings] : [],
  }
}

const NOTHING_READ = {
  studyInstanceUid: null,
  seriesInstanceUid: null,
  sopInstanceUid: null,
  patientName: null,
  patientId: null,
  studyDescription: null,
  studyDate: null,
  modality: null,
}

const uidsOf = (answer: StoreAnswer) => ({
  studyInstanceUid: answer.studyInstanceUid ?? null,
  seriesInstanceUid: answer.seriesInstanceUid ?? null,
  sopInstanceUid: answer.sopInstanceUid ?? null,
})
