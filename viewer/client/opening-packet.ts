import type { OpeningPacket } from '../../core/contract/opening.ts'
import type { DicomJson } from '../../core/dicom/dicom-json.ts'
import type { Api } from './api.ts'

/** What was asked for ahead and not used for so long is asked for again. Milliseconds. */
const FRESH = 30_000
/** The same of the next study of a list, which waits for its reader. Milliseconds. */
const FRESH_AHEAD = 300_000

interface Asked {
  readonly packet: Promise<OpeningPacket | undefined>
  at: number
  /** Fetched before anybody opened the study. */
  ahead: { readonly giveUp: () => void } | undefined
  /** It was, and the archive has not heard since that somebody did. */
  isUnheard: boolean
  /** Parts that were used: whoever wants them again wants newer ones. */
  readonly used: Set<'opening' | 'protocols'>
}

/** One study that is opened, and one that may be next. */
const KEPT = 2
const asked = new Map<string, Asked>()

const fresh = (studyInstanceUid: string): Asked | undefined => {
  const known = asked.get(studyInstanceUid)
  const lasts = known?.ahead === undefined ? FRESH : FRESH_AHEAD
  return known !== undefined && performance.now() - known.at < lasts ? known : undefined
}

/**
 * All that a reading room begins with, in one answer; asked for as soon as a study is wanted, before the reading room's code
 * is there. Undefined: it cannot be had, and each part says why when it is asked for.
 */
export function askOpening(api: Api, studyInstanceUid: string): Promise<OpeningPacket | undefined> {
  const known = fresh(studyInstanceUid)
  for (const [uid, { ahead }] of asked) if (ahead !== undefined && uid !== studyInstanceUid) drop(uid)
  if (known === undefined) return ask(api, studyInstanceUid)
  if (known.ahead !== undefined) {
    known.ahead = undefined
    known.isUnheard = true
    known.at = performance.now()
  }
  return known.packet
}

/**
 * The same for a study that somebody may open next; one at a time. It is given up when another study is opened, or by
 * `giveUpAhead`.
 */
export function askAhead(api: Api, studyInstanceUid: string): void {
  if (fresh(studyInstanceUid) !== undefined) return
  giveUpAhead()
  const controller = new AbortController()
  void ask(api, studyInstanceUid, controller)
}

/** What is being fetched ahead stops; what came stays. */
export function giveUpAhead(): void {
  for (const { ahead } of asked.values()) ahead?.giveUp()
}

/** Whether the archive is still to hear that a study was opened, which came ahead; once. */
export function isUnheard(studyInstanceUid: string): boolean {
  const known = asked.get(studyInstanceUid)
  const is = known?.isUnheard === true
  if (known !== undefined) known.isUnheard = false
  return is
}

/** Another person may sit here next. */
export function forgetOpenings(): void {
  giveUpAhead()
  asked.clear()
}

function drop(studyInstanceUid: string): void {
  asked.get(studyInstanceUid)?.ahead?.giveUp()
  asked.delete(studyInstanceUid)
}

function ask(
  api: Api,
  studyInstanceUid: string,
  ahead?: AbortController,
): Promise<OpeningPacket | undefined> {
  let isHere = false
  // Its shape comes while it does.
  const shape = import('../../core/contract/opening.ts').then((file) => file.OpeningPacket)
  const packet = api
    .call('GET', `/api/studies/${studyInstanceUid}/opening`, {
      answer: () => shape,
      ...(ahead === undefined ? {} : { signal: ahead.signal, isAhead: true }),
    })
    .then(
      (answer) => {
        isHere = true
        return answer
      },
      () => {
        // What could not be had ahead is asked for when it is wanted.
        if (entry.ahead !== undefined) forget()
        return undefined
      },
    )
  const entry: Asked = {
    packet,
    at: performance.now(),
    ahead: ahead && {
      giveUp() {
        if (isHere) return
        forget()
        ahead.abort()
      },
    },
    isUnheard: false,
    used: new Set(),
  }
  const forget = (): void => {
    if (asked.get(studyInstanceUid) === entry) asked.delete(studyInstanceUid)
  }
  asked.delete(studyInstanceUid)
  asked.set(studyInstanceUid, entry)
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
