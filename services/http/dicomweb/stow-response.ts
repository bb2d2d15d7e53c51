import { PROCESSING_FAILURE } from '../../../core/archive/failure-reason.ts'
import { warningReasonOf } from '../../../core/archive/warning-reason.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { PartAnswer } from '../store-parts.ts'

/**
 * Status and body of a Store Instances response. Nothing of a refused instance but its UIDs is in it; what has no
 * readable UIDs is counted in Other Failures Sequence. Source: PS3.18 10.5.3 and Annex I.2.
 */
export function stowResponse(
  answers: readonly PartAnswer[],
  studiesUrl: string,
): { status: 200 | 202 | 409; body: DicomJson } {
  const stored: DicomJson[] = []
  const failed: DicomJson[] = []
  const others: DicomJson[] = []
  const studies = new Set<string>()
  let warned = false

  for (const answer of answers) {
    if (answer.kind === 'stored' || answer.kind === 'duplicate') {
      studies.add(answer.studyInstanceUid)
      const reason = warningReasonOf(answer.warnings)
      warned ||= reason !== undefined
      const url = `${studiesUrl}/${answer.studyInstanceUid}/series/${answer.seriesInstanceUid}/instances/${answer.sopInstanceUid}`
      stored.push({
        ...reference(answer.sopClassUid, answer.sopInstanceUid),
        '00081190': { vr: 'UR', Value: [url] },
        ...(reason === undefined ? {} : { '00081196': { vr: 'US', Value: [reason] } }),
      })
      continue
    }
    const known = 'failureReason' in answer
    const reason = { '00081197': { vr: 'US', Value: [known ? answer.failureReason : PROCESSING_FAILURE] } }
    if (known && answer.sopInstanceUid !== undefined) {
      failed.push({ ...reference(answer.sopClassUid, answer.sopInstanceUid), ...reason })
    } else others.push(reason)
  }

  const failures = failed.length + others.length
  const [study] = studies
  return {
    status: failures > 0 && stored.length === 0 ? 409 : failures > 0 || warned ? 202 : 200,
    body: {
      '00081190':
        studies.size === 1 && study !== undefined
          ? { vr: 'UR', Value: [`${studiesUrl}/${study}`] }
          : { vr: 'UR' },
      ...sequence('00081198', failed),
      ...sequence('00081199', stored),
      ...sequence('0008119A', others),
    },
  }
}

const reference = (sopClassUid: string | undefined, sopInstanceUid: string): DicomJson => ({
  '00081150': sopClassUid === undefined ? { vr: 'UI' } : { vr: 'UI', Value: [sopClassUid] },
  '00081155': { vr: 'UI', Value: [sopInstanceUid] },
})

const sequence = (tag: string, items: readonly DicomJson[]): DicomJson =>
  items.length === 0 ? {} : { [tag]: { vr: 'SQ', Value: [...items] } }

/** What is noted of the stored instances, each note once, in a sentence: for the log of the sender. Undefined when there is nothing. */
export function notesOf(answers: readonly PartAnswer[]): string | undefined {
  const notes = new Set(answers.flatMap((answer) => ('warnings' in answer ? answer.warnings : [])))
  return notes.size === 0
    ? undefined
    : `Stored as received, though not all is as it should be: ${[...notes].sort().join(', ')}`
}
