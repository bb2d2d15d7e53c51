import { beforeEach, describe, expect, it } from 'vitest'
import type { UploadResult } from '../../../core/contract/api.ts'
import { ApiError } from '../../../viewer/client/api-error.ts'
import type { Found } from '../../../viewer/upload/found-file.ts'
import { inspectBlob } from '../../../viewer/upload/inspect-blob.ts'
import { Sha256 } from '../../../viewer/upload/sha256.ts'
import type { LedgerEntry } from '../../../viewer/upload/upload-ledger.ts'
import { UploadQueue } from '../../../viewer/upload/upload-queue.ts'
import type { OutgoingFile, SendOptions, UploadTransport } from '../../../viewer/upload/upload-transport.ts'

const dicom = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${'\0'.repeat(128)}DICM${text}`) as Uint8Array<ArrayBuffer>
const hashOf = (bytes: Uint8Array): string => new Sha256().update(bytes).digest()

const found = (path: string, bytes: Uint8Array<ArrayBuffer>): Found => ({
  kind: 'file',
  file: { path, size: bytes.length, lastModified: 1, open: () => Promise.resolve(new Blob([bytes])) },
})

async function* walk(...all: Found[]): AsyncGenerator<Found> {
  for (const one of all) yield await Promise.resolve(one)
}

const result = (file: number, over: Partial<UploadResult> = {}): UploadResult => ({
  file: String(file),
  outcome: 'stored',
  reason: null,
  studyInstanceUid: '1.2',
  seriesInstanceUid: null,
  sopInstanceUid: null,
  patientName: null,
  patientId: 'P1',
  studyDescription: null,
  studyDate: null,
  modality: 'CT',
  warnings: [],
  ...over,
})

/** The far side: keeps what it is sent, and can be told to fail. */
class FakeArchive implements UploadTransport {
  readonly has = new Set<string>()
  readonly batches: number[] = []
  large = 0
  fail: ((files: readonly OutgoingFile[], signal: AbortSignal) => Promise<void>) | undefined

  known(sha256: readonly string[]) {
    return Promise.resolve(
      sha256.filter((hash) => this.has.has(hash)).map((hash) => ({ sha256: hash, studyInstanceUid: '1.2' })),
    )
  }

  async sendBatch(
    files: readonly OutgoingFile[],
    { onProgress, signal }: SendOptions,
  ): Promise<UploadResult[]> {
    await this.fail?.(files, signal)
    onProgress(files.reduce((sum, file) => sum + file.size, 0))
    this.batches.push(files.length)
    return files.map((file, index) => {
      const outcome = this.has.has(file.sha256) ? 'duplicate' : 'stored'
      this.has.add(file.sha256)
      return result(index, { outcome })
    })
  }

  sendLarge(file: OutgoingFile): Promise<UploadResult> {
    this.large += 1
    this.has.add(file.sha256)
    return Promise.resolve(result(0))
  }
}

describe('UploadQueue', () => {
  let archive: FakeArchive
  let ledger: Map<string, LedgerEntry>
  let clock: number
  let timers: { at: number; run: () => void }[]
  let queue: UploadQueue

  const make = (): UploadQueue =>
    new UploadQueue({
      inspect: (path, blob) => inspectBlob(path, blob, undefined),
      transport: archive,
      ledger: {
        find: ({ path }) => ledger.get(path),
        record: ({ path }, entry) => void ledger.set(path, entry),
      },
      now: () => clock,
      setTimer: (run, milliseconds) => {
        const timer = { at: clock + milliseconds, run }
        timers.push(timer)
        return () => {
          timers = timers.filter((other) => other !== timer)
        }
      },
      random: () => 0.5,
    })

  /** Lets what is under way come to rest, and moves the clock. */
  const pass = async (milliseconds: number): Promise<void> => {
    clock += milliseconds
    for (const timer of timers.filter(({ at }) => at <= clock)) {
      timers = timers.filter((other) => other !== timer)
      timer.run()
    }
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const states = (): Record<string, string> =>
    Object.fromEntries(
      queue.items.map((item) => [item.path, item.reason ? `${item.state}: ${item.reason}` : item.state]),
    )

  beforeEach(() => {
    archive = new FakeArchive()
    ledger = new Map()
    clock = 0
    timers = []
    queue = make()
  })

  it('sends what is new, leaves out what is known, twice there, or no DICOM', async () => {
    archive.has.add(hashOf(dicom('known')))
    await queue.add(
      walk(
        found('a', dicom('a')),
        found('b', dicom('known')),
        found('c', dicom('a')),
        found('.DS_Store', dicom('x')),
        found('report.pdf', new TextEncoder().encode('%PDF-1.7') as Uint8Array<ArrayBuffer>),
        { kind: 'skipped', path: 'z.zip', size: 9, reason: 'zip-broken' },
      ),
    )
    await pass(1000)
    expect(states()).toEqual({
      a: 'stored',
      b: 'duplicate',
      c: 'duplicate: twice-in-upload',
      '.DS_Store': 'skipped: system-file',
      'report.pdf': 'skipped: pdf',
      'z.zip': 'skipped: zip-broken',
    })
    expect(queue.getSnapshot()).toMatchObject({ phase: 'finished', files: 6, ended: 6 })
    const { bytes, bytesDone } = queue.getSnapshot()
    expect(bytesDone).toBe(bytes)
  })

  it('sends thousands of small files in few requests and tells listeners only now and then', async () => {
    let told = 0
    queue.subscribe(() => (told += 1))
    const files = Array.from({ length: 1000 }, (_, index) => found(`f${index}`, dicom(`f${index}`)))
    const added = queue.add(walk(...files))
    for (let turn = 0; turn < 60; turn += 1) await pass(50)
    await added
    await pass(1000)
    expect(queue.getSnapshot()).toMatchObject({ phase: 'finished', ended: 1000 })
    expect(Math.max(...archive.batches)).toBeLessThanOrEqual(64)
    expect(archive.batches.length).toBeLessThan(60)
    expect(told).toBeLessThan(80)
  })

  it('waits when the network drops, longer each time, and goes on by itself', async () => {
    let attempts = 0
    archive.fail = () => {
      attempts += 1
      return attempts <= 2 ? Promise.reject(new ApiError(0, 'offline', '')) : Promise.resolve()
    }
    await queue.add(walk(found('a', dicom('a'))))
    await pass(0)
    expect(queue.getSnapshot()).toMatchObject({ phase: 'waiting-for-network', retryAt: 1000 })
    await pass(1000)
    expect(queue.getSnapshot()).toMatchObject({ phase: 'waiting-for-network', retryAt: 3000 })
    queue.tryNow()
    await pass(0)
    expect(states()).toEqual({ a: 'stored' })
  })

  it('counts as stored what arrived although its answer was lost', async () => {
    let lost = false
    archive.fail = (files) => {
      if (lost) return Promise.resolve()
      lost = true
      for (const file of files) archive.has.add(file.sha256)
      return Promise.reject(new ApiError(0, 'offline', ''))
    }
    await queue.add(walk(found('a', dicom('a'))))
    await pass(0)
    await pass(5000)
    expect(states()).toEqual({ a: 'stored' })
  })

  it('asks one by one when a request with many is refused as a whole', async () => {
    archive.fail = (files) =>
      files.some((file) => file.sha256 === hashOf(dicom('bad')))
        ? Promise.reject(new ApiError(400, 'body-invalid', ''))
        : Promise.resolve()
    await queue.add(
      walk(found('good', dicom('good')), found('bad', dicom('bad')), found('fine', dicom('fine'))),
    )
    await pass(1000)
    expect(states()).toEqual({ good: 'stored', bad: 'failed: body-invalid', fine: 'stored' })
  })

  it('pauses, resumes and loses nothing', async () => {
    archive.fail = (_files, signal) =>
      new Promise((resolve, reject) => {
        if (archive.fail === undefined) resolve()
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    await queue.add(walk(found('a', dicom('a')), found('b', dicom('b'))))
    await pass(0)
    queue.pause()
    await pass(1000)
    expect(queue.getSnapshot().phase).toBe('paused')
    expect(states()).toEqual({ a: 'ready', b: 'ready' })
    archive.fail = undefined
    queue.resume()
    await pass(1000)
    expect(states()).toEqual({ a: 'stored', b: 'stored' })
  })

  it('stops when the session ends, and goes on when told to', async () => {
    archive.fail = () => Promise.reject(new ApiError(401, 'sign-in-needed', ''))
    await queue.add(walk(found('a', dicom('a'))))
    await pass(1000)
    expect(queue.getSnapshot().phase).toBe('signed-out')
    archive.fail = undefined
    queue.resume()
    await pass(1000)
    expect(states()).toEqual({ a: 'stored' })
  })

  it('keeps what arrived when it is cancelled, and sends nothing more', async () => {
    await queue.add(walk(found('a', dicom('a'))))
    await pass(1000)
    archive.fail = (_files, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
    await queue.add(walk(found('b', dicom('b'))))
    await pass(0)
    queue.cancel()
    await pass(1000)
    expect(states()).toEqual({ a: 'stored', b: 'failed: cancelled' })
    expect(queue.getSnapshot().phase).toBe('cancelled')
    expect(archive.has.size).toBe(1)
  })

  it('tries again what failed, once the reason is gone', async () => {
    let readable = false
    const bytes = dicom('cd')
    const open = () =>
      readable ? Promise.resolve(new Blob([bytes])) : Promise.reject(new Error('NotReadable'))
    await queue.add(walk({ kind: 'file', file: { path: 'cd', size: bytes.length, lastModified: 1, open } }))
    await pass(1000)
    expect(states()).toEqual({ cd: 'failed: unreadable' })
    readable = true
    queue.retryFailed()
    await pass(1000)
    expect(states()).toEqual({ cd: 'stored' })
    expect(queue.getSnapshot()).toMatchObject({
      phase: 'finished',
      ended: 1,
      counts: { failed: 0, stored: 1 },
    })
  })

  it('takes over from the ledger what an interrupted upload had finished, without reading it', async () => {
    await queue.add(walk(found('a', dicom('a'))))
    await pass(1000)
    queue = make()
    const unread = (): Promise<Blob> => Promise.reject(new Error('must not be read'))
    await queue.add(walk({ kind: 'file', file: { path: 'a', size: 133, lastModified: 1, open: unread } }))
    await pass(1000)
    expect(states()).toEqual({ a: 'stored' })
    expect(archive.batches).toEqual([1])
  })

  it('sends a large file by the resumable door', async () => {
    const blob = new Blob([dicom('large')])
    const large = {
      path: 'large',
      size: 40 * 1024 * 1024,
      lastModified: 1,
      open: () => Promise.resolve(blob),
    }
    await queue.add(walk({ kind: 'file', file: large }))
    await pass(1000)
    expect(archive.large).toBe(1)
    expect(states()).toEqual({ large: 'stored' })
  })
})
