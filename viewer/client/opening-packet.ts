import type { OpeningPacket } from '../../core/contract/opening.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import type { Api } from './api.ts'

/** What was asked for ahead and not used for so long is asked for again. Milliseconds. */
const FRESH = 30_000

interface Asked {
  readonly packet: Promise<OpeningPacket | undefined>
  readonly at: number
  /** Parts that were used: whoever wants them again wants newer ones. */
  readonly used: Set<'opening' | 'protocols'>
}

/** One study that is opened, and one that may be next. */
const KEPT = 2
const asked = new Map<string, Asked>()

const fresh = (studyInstanceUid: string): Asked | undefined => {
  const known = asked.get(studyInstanceUid)
  return known !== undefined && performance.now() - known.at < FRESH ? known : undefined
}

/**
 * All that a reading room begins with, in one answer; asked for as soon as a study is wanted, before the reading room's code
 * is there. Undefined: it cannot be had, and each part says why when it is asked for.
 */
export function askOpening(api: Api, studyInstanceUid: string): Promise<OpeningPacket | undefined> {
  const known = fresh(studyInstanceUid)
  if (known !== undefined) return known.packet
  // Its shape comes while it does.
  const shape = import('../../core/contract/opening.ts').then((file) => file.OpeningPacket)
  const packet = api
    .call('GET', `/api/studies/${studyInstanceUid}/opening`, { answer: () => shape })
    .catch(() => undefined)
  asked.delete(studyInstanceUid)
  asked.set(studyInstanceUid, { packet, at: performance.now(), used: new Set() })
  for (const each of [...asked.keys()].slice(0, -KEPT)) asked.delete(each)
  return packet
}

/** What was asked for, however long ago. */
export const knownOpening = (studyInstanceUid: string): Promise<OpeningPacket | undefined> =>
  asked.get(studyInstanceUid)?.packet ?? Promise.resolve(undefined)

/** A part of what was asked for, once; undefined: it was not asked for, or is used. */
export async function takeOpening<Part extends 'opening' | 'protocols'>(
  studyInstanceUid: string,
  part: Part,
): Promise<OpeningPacket[Part] | undefined> {
  const known = fresh(studyInstanceUid)
  if (known === undefined || known.used.has(part)) return undefined
  known.used.add(part)
  return (await known.packet)?.[part]
}

/** The metadata of a series of so many instances, where it came with the opening. */
export async function openingMetadata(
  studyInstanceUid: string,
  seriesInstanceUid: string | undefined,
  instanceCount: number,
): Promise<DicomJson[] | undefined> {
  const first = (await fresh(studyInstanceUid)?.packet)?.first
  if (first?.seriesInstanceUid !== seriesInstanceUid || first?.instances?.length !== instanceCount)
    return undefined
  // Trusted: our own server made them, and walking through megabytes costs what opening should not.
  return first.instances as DicomJson[]
}
