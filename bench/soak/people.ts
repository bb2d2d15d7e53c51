import { setTimeout as sleep } from 'node:timers/promises'
import { instanceUid, openInstanceMaker, patientId, seriesUid, studyUid } from '../made-instances.ts'
import { multipart } from '../requests.ts'
import type { Asking } from './asked.ts'

/** What the people of a made clinic know. */
export interface Clinic {
  readonly asking: Asking
  /** Of who uploads, and of who reads. */
  readonly tokens: { readonly technician: string; readonly radiologist: string }
  readonly signIn: { readonly email: string; readonly password: string }
  /** What was stored, the oldest first. */
  readonly studies: StoredStudy[]
  /** Bytes that were sent. */
  sent: number
  /** Whether the day is over. */
  isOver(): boolean
}

interface StoredStudy {
  readonly number: number
  readonly instances: number
}

/** What answers as long as it likes. */
export const STREAM = 'events, until their end'

/** Someone who does the same again and again, with pauses, until the day is over. */
export type Person = (clinic: Clinic) => Promise<void>

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` })
const JSON_MODEL = { Accept: 'application/dicom+json' }
const SIDES = [128, 256, 512]
const RPCL = '1.2.840.10008.1.2.4.202'
/** More is not sent, however long the day: a disk has an end. */
const MOST_BYTES = 1_800_000_000
const INSTANCES_A_REQUEST = 4

/** A modality that sends a study of 6 to 30 images of one size, and then pauses. */
export function modality(firstStudy: number): Person {
  return async (clinic) => {
    const makers = SIDES.map(openInstanceMaker)
    for (let number = firstStudy; !clinic.isOver() && clinic.sent < MOST_BYTES; number++) {
      const make = makers[number % makers.length]
      if (make === undefined) return
      const instances = 6 + ((number * 7) % 25)
      for (let first = 1; first <= instances && !clinic.isOver(); first += INSTANCES_A_REQUEST) {
        const { type, prefix, suffix } = multipart()
        const last = Math.min(instances, first + INSTANCES_A_REQUEST - 1)
        const parts = Array.from({ length: last - first + 1 }, (_, index) => make(number, first + index))
        const body = Buffer.concat([
          ...parts.flatMap((pieces) => [prefix, ...pieces, Buffer.from('\r\n')]),
          suffix,
        ])
        await clinic.asking.ask('upload of 4', '/dicom-web/studies', {
          method: 'POST',
          headers: { ...bearer(clinic.tokens.technician), ...JSON_MODEL, 'Content-Type': type },
          body,
        })
        clinic.sent += body.length
        await sleep(150)
      }
      clinic.studies.push({ number, instances })
      await sleep(6_000)
    }
  }
}

/** Asks the worklist and QIDO-RS, as people type and programs look. */
export const searcher: Person = async (clinic) => {
  const headers = bearer(clinic.tokens.radiologist)
  for (let turn = 0; !clinic.isOver(); turn++) {
    const study = pick(clinic, turn)
    const { asking } = clinic
    await asking.ask('worklist', '/api/worklist', { headers })
    await sleep(400)
    for (const typed of ['z', 'zh', 'zhang']) {
      await asking.ask('worklist', `/api/worklist?q=${typed}`, { headers })
      await sleep(150)
    }
    const qido = { headers: { ...headers, ...JSON_MODEL } }
    const known = study === undefined ? 'BENCH-0000000' : patientId(study.number)
    for (const query of [
      `PatientID=${known}`,
      'PatientName=Wang*&limit=25',
      'StudyDate=20260101-20260131&limit=25',
    ])
      await asking.ask('QIDO-RS', `/dicom-web/studies?${query}`, qido)
    await sleep(1_000)
  }
}

/** Opens a study and looks through it: some images in full, some as a slow link has them, one as a picture. */
export const reader: Person = async (clinic) => {
  const { asking } = clinic
  const headers = bearer(clinic.tokens.radiologist)
  for (let turn = 0; !clinic.isOver(); turn++) {
    const study = pick(clinic, turn)
    await sleep(500)
    if (study === undefined) continue
    const opened = `/api/studies/${studyUid(study.number)}`
    const series = `/dicom-web/studies/${studyUid(study.number)}/series/${seriesUid(study.number)}`
    await asking.ask('opening', `${opened}/opening`, { headers })
    await asking.ask('opening', `${opened}/priors`, { headers })
    await asking.ask('metadata', `${series}/metadata`, { headers: { ...headers, ...JSON_MODEL } })
    // Of what has just arrived there may be none yet.
    await asking.ask('thumbnail', `${series}/thumbnail`, { headers, right: [200, 404] })
    const images = Math.min(8, study.instances)
    for (let image = 1; image <= images && !clinic.isOver(); image++) {
      const instance = `${series}/instances/${instanceUid(study.number, image)}`
      await asking.ask('frame', `${instance}/frames/1`, {
        headers: { ...headers, Accept: 'application/octet-stream; transfer-syntax=*' },
      })
      await asking.ask('HTJ2K, first 16 KB', `${instance}/frames/1`, {
        headers: {
          ...headers,
          Accept: `image/jphc; transfer-syntax=${RPCL}, application/octet-stream; transfer-syntax=*; q=0.5`,
          Range: 'bytes=0-16383',
        },
        right: [200, 206],
      })
      await sleep(80)
    }
    const middle = `${series}/instances/${instanceUid(study.number, 1 + Math.floor(study.instances / 2))}`
    await asking.ask('rendered', `${middle}/rendered`, { headers: { ...headers, Accept: 'image/jpeg' } })
    await sleep(1_000)
  }
}

/** Makes a link, opens it as who has no account, looks at an image, takes the link back, and finds the door shut. */
export const sharer: Person = async (clinic) => {
  const { asking } = clinic
  const json = { 'Content-Type': 'application/json' }
  const own = bearer(clinic.tokens.radiologist)
  for (let turn = 0; !clinic.isOver(); turn++) {
    await sleep(2_000)
    const study = pick(clinic, turn)
    if (study === undefined) continue
    const made = await asking.ask('share: make', `/api/studies/${studyUid(study.number)}/shares`, {
      method: 'POST',
      headers: { ...own, ...json },
      body: JSON.stringify({
        recipientName: `Colleague ${turn}`,
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      }),
      right: [201],
    })
    if (made === undefined) continue
    const { url, share } = JSON.parse(made.body.toString()) as { url: string; share: { shareId: string } }
    const token = new URL(url).pathname.split('/').at(-1)
    const body = JSON.stringify({ token })
    const seen = await asking.ask('share: look', '/api/shared/look', { method: 'POST', headers: json, body })
    const opened = await asking.ask('share: open', '/api/shared/open', {
      method: 'POST',
      headers: json,
      body,
    })
    if (seen !== undefined && opened !== undefined) {
      const { handle } = JSON.parse(seen.body.toString()) as { handle: string }
      const headers = { Cookie: cookiesOf(opened.headers), 'Yunying-Share': handle }
      const path = `/api/studies/${studyUid(study.number)}`
      await asking.ask('share: read', `${path}/opening`, { headers })
      await asking.ask('share: take back', `/api/shares/${share.shareId}`, {
        method: 'DELETE',
        headers: own,
        right: [204],
      })
      await asking.ask('share: find it shut', path, { headers, right: [401, 403, 404, 410] })
    }
    await sleep(2_000)
  }
}

/** Signs in, looks who it is, and signs out. */
export const comingAndGoing: Person = async (clinic) => {
  const { asking, signIn } = clinic
  while (!clinic.isOver()) {
    const signed = await asking.ask('sign-in', '/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(signIn),
    })
    if (signed !== undefined) {
      const headers = { Cookie: cookiesOf(signed.headers) }
      await asking.ask('worklist', '/api/worklist', { headers })
      await asking.ask('sign-out', '/api/session', { method: 'DELETE', headers, right: [204] })
    }
    await sleep(4_000)
  }
}

/** Keeps a page open that hears of every study; the stream ends by itself and is opened again. */
export const listener: Person = async (clinic) => {
  while (!clinic.isOver()) {
    await clinic.asking.ask(STREAM, '/api/events', {
      headers: bearer(clinic.tokens.radiologist),
      timeoutMs: 60_000,
    })
    await sleep(1_000)
  }
}

/** Mostly what came last, now and then what is old. */
function pick({ studies }: Clinic, turn: number): StoredStudy | undefined {
  const back = turn % 3 === 0 ? (turn * 7919) % Math.max(1, studies.length) : turn % 5
  return studies[Math.max(0, studies.length - 1 - back)]
}

const cookiesOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')
