import { request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { ClientReport, LargeJob } from './client-job.ts'
import { openPart10Writer } from '../core/dicom/write-part10.ts'
import { instanceUid, seriesUid, studyUid } from './made-instances.ts'
import { multipart } from './requests.ts'

const SIDE = 2000
const FRAME = SIDE * SIDE * 2

/** Sends or fetches one multi-frame instance of many GB; the client keeps one frame of it in memory. */
export async function runLarge(job: LargeJob): Promise<Omit<ClientReport, 'cpuMs'>> {
  const start = performance.now()
  const { status, bytes } = job.direction === 'in' ? await send(job) : await fetchBack(job)
  const elapsedMs = performance.now() - start
  return { elapsedMs, latenciesMs: [elapsedMs], count: 1, bytes, statuses: { [status]: 1 } }
}

async function send(job: LargeJob): Promise<{ status: number; bytes: number }> {
  const frames = Math.floor(job.bytes / FRAME)
  const { type, prefix, suffix } = multipart()
  const header = headerOf(job.study, frames)
  const length = prefix.length + header.length + frames * FRAME + 2 + suffix.length
  const sending = request({
    host: job.host,
    port: job.port,
    method: 'POST',
    path: '/dicom-web/studies',
    headers: {
      ...job.headers,
      Accept: 'application/dicom+json',
      'Content-Type': type,
      'Content-Length': length,
    },
  })
  const answered = once(sending, 'response')
  sending.write(prefix)
  sending.write(header)
  const frame = Buffer.alloc(FRAME)
  for (let index = 0; index < frames; index++) {
    frame.writeUInt32LE(index, 0)
    if (!sending.write(Buffer.from(frame))) await once(sending, 'drain')
  }
  sending.write('\r\n')
  sending.end(suffix)
  const [response] = (await answered) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode ?? 0, bytes: length }
}

async function fetchBack(job: LargeJob): Promise<{ status: number; bytes: number }> {
  const path = `/dicom-web/studies/${studyUid(job.study)}/series/${seriesUid(job.study)}/instances/${instanceUid(job.study, 1)}`
  const asking = request({
    host: job.host,
    port: job.port,
    path,
    headers: { ...job.headers, Accept: 'multipart/related; type="application/dicom"' },
  })
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length
  return { status: response.statusCode ?? 0, bytes }
}

function headerOf(study: number, frames: number): Buffer {
  const chunks = openPart10Writer('ISO_IR 192')({
    dataset: {
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7.3'] },
      '00080018': { vr: 'UI', Value: [instanceUid(study, 1)] },
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Large^Instance' }] },
      '00100020': { vr: 'LO', Value: ['BENCH-LARGE'] },
      '0020000D': { vr: 'UI', Value: [studyUid(study)] },
      '0020000E': { vr: 'UI', Value: [seriesUid(study)] },
      '00280002': { vr: 'US', Value: [1] },
      '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
      '00280008': { vr: 'IS', Value: [frames] },
      '00280010': { vr: 'US', Value: [SIDE] },
      '00280011': { vr: 'US', Value: [SIDE] },
      '00280100': { vr: 'US', Value: [16] },
      '00280101': { vr: 'US', Value: [16] },
      '00280102': { vr: 'US', Value: [15] },
      '00280103': { vr: 'US', Value: [0] },
    },
    pixels: new Uint8Array(0),
  })
  const header = Buffer.concat(chunks)
  header.writeUInt32LE(frames * FRAME, header.length - 4)
  return header
}
