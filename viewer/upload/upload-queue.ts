import { ApiError } from '../client/api-error.ts'
import type { UploadResult } from '../../core/contract/api.ts'
import type { Found } from './found-file.ts'
import { takeBatch, LARGE_BYTES } from './next-batch.ts'
import { ThrottledListeners } from './throttled-listeners.ts'
import { isEnd, newItem, skippedItem, type EndState, type UploadItem } from './upload-item.ts'
import type { UploadPhase, UploadQueueParts, UploadSnapshot } from './upload-phase.ts'
import { UploadTally } from './upload-tally.ts'
import type { OutgoingFile } from './upload-transport.ts'

const SENDS = 3
const INSPECTIONS = 3
const CHECK_FILES = 500
const NOTIFY_MS = 200
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

/**
 * Takes files from a folder to the archive: reads and hashes each, leaves out what is no DICOM and what the archive
 * has, sends the rest in batches, and begins again by itself when the network comes back. Knows nothing of pages:
 * subscribers are told at most five times a second that something changed.
 */
export class UploadQueue {
  readonly items: UploadItem[] = []
  readonly #parts: UploadQueueParts
  readonly #tally: UploadTally
  readonly #listeners: ThrottledListeners
  readonly #toInspect: UploadItem[] = []
  readonly #toCheck: UploadItem[] = []
  readonly #ready: UploadItem[] = []
  readonly #firstOfHash = new Map<string, UploadItem>()
  #phase: UploadPhase = 'idle'
  #walks = 0
  #inspecting = 0
  #checking = false
  #sending = 0
  #waitMs = FIRST_WAIT_MS
  #retryAt: number | undefined
  #stopWaiting: (() => void) | undefined
  /** Ends with a pause: requests under way. */
  #run = new AbortController()
  /** Ends with a cancel only: folders being read. */
  readonly #whole = new AbortController()
  #version = 0
  #snapshot: UploadSnapshot

  constructor(parts: UploadQueueParts) {
    this.#parts = parts
    this.#tally = new UploadTally(parts.now)
    this.#snapshot = this.#makeSnapshot()
    this.#listeners = new ThrottledListeners({
      everyMs: NOTIFY_MS,
      setTimer: parts.setTimer,
      beforeTelling: () => {
        this.#snapshot = this.#makeSnapshot()
      },
    })
  }

  readonly getSnapshot = (): UploadSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.subscribe(listener)

  /** Takes in whatever the walk finds; files are sent while it goes on. */
  async add(found: AsyncIterable<Found>): Promise<void> {
    const { signal } = this.#whole
    this.#walks += 1
    if (this.#phase === 'idle' || this.#phase === 'finished') this.#setPhase('running')
    try {
      for await (const one of found) {
        if (signal.aborted) return
        this.#take(one)
      }
    } finally {
      this.#walks -= 1
      this.#pump()
    }
  }

  /** Stops sending after what is under way is broken off; nothing that arrived is lost. */
  pause(): void {
    if (this.#phase !== 'running' && this.#phase !== 'waiting-for-network') return
    this.#halt('paused')
  }

  resume(): void {
    if (this.#phase !== 'paused' && this.#phase !== 'signed-out') return
    this.#waitMs = FIRST_WAIT_MS
    this.#setPhase('running')
    this.#pump()
  }

  /** The network is back, or somebody does not want to wait for the next attempt. */
  tryNow(): void {
    if (this.#phase !== 'waiting-for-network') return
    this.#stopWaiting?.()
    this.#retryAt = undefined
    this.#setPhase('running')
    this.#pump()
  }

  /** Ends the upload: what arrived stays in the archive, the rest is forgotten. */
  cancel(): void {
    this.#whole.abort()
    this.#halt('cancelled')
    for (const queue of [this.#toInspect, this.#toCheck, this.#ready]) queue.length = 0
    for (const item of this.items) if (!isEnd(item.state)) this.#end(item, 'failed', 'cancelled')
  }

  /** Puts what failed back in the queue. */
  retryFailed(): void {
    for (const item of this.items) {
      if (item.state !== 'failed' || item.file === undefined) continue
      this.#tally.reopen(item)
      item.state = 'found'
      item.reason = undefined
      this.#toInspect.push(item)
    }
    if (this.#phase === 'finished') this.#setPhase('running')
    this.#pump()
  }

  #take(found: Found): void {
    if (found.kind === 'skipped') {
      const item = skippedItem(found.path, found.size, found.reason)
      this.items.push(item)
      this.#tally.add(item)
      this.#tally.end(item)
    } else {
      const item = newItem(found.file)
      this.items.push(item)
      this.#tally.add(item)
      const before = this.#parts.ledger.find(item)
      if (before === undefined) this.#toInspect.push(item)
      else {
        item.sha256 = before.sha256
        item.answer = { studyInstanceUid: before.studyInstanceUid }
        this.#end(item, before.state, before.reason)
      }
    }
    this.#changed()
    this.#pump()
  }

  #pump(): void {
    if (this.#phase !== 'running') return
    while (this.#inspecting < INSPECTIONS) {
      const item = this.#toInspect.shift()
      if (item === undefined) break
      void this.#inspect(item)
    }
    if (!this.#checking && this.#toCheck.length > 0 && this.#checkIsWorthIt()) void this.#check()
    while (this.#sending < SENDS) {
      const batch = this.#nextBatch()
      if (batch.length === 0) break
      void this.#send(batch)
    }
    if (this.#isDone()) this.#setPhase('finished')
  }

  async #inspect(item: UploadItem): Promise<void> {
    this.#inspecting += 1
    item.state = 'inspecting'
    try {
      const blob = await (item.file as NonNullable<UploadItem['file']>).open()
      const inspected = await this.#parts.inspect(item.path, blob)
      if (isEnd(item.state)) return
      if (inspected.kind === 'skipped') this.#end(item, 'skipped', inspected.reason)
      else this.#hashed(item, inspected.sha256)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      // Gone from the disk, or changed since it was dropped: the others go on.
      if (!isEnd(item.state)) this.#end(item, 'failed', 'unreadable')
    } finally {
      this.#inspecting -= 1
      this.#pump()
    }
  }

  #hashed(item: UploadItem, sha256: string): void {
    item.sha256 = sha256
    const twin = this.#firstOfHash.get(sha256)
    if (twin !== undefined && twin !== item && twin.state !== 'failed') {
      item.answer = twin.answer
      this.#end(item, 'duplicate', 'twice-in-upload')
      return
    }
    this.#firstOfHash.set(sha256, item)
    item.state = 'checking'
    this.#toCheck.push(item)
  }

  /** A full question, or nothing else on the way that could fill it. */
  #checkIsWorthIt(): boolean {
    const more = this.#inspecting > 0 || this.#toInspect.length > 0
    return !more || this.#toCheck.length >= CHECK_FILES || this.#ready.length === 0
  }

  async #check(): Promise<void> {
    const { signal } = this.#run
    const items = this.#toCheck.splice(0, CHECK_FILES)
    this.#checking = true
    try {
      const hashes = items.map((item) => item.sha256 ?? '')
      const known = new Map(
        (await this.#parts.transport.known(hashes, signal)).map((place) => [place.sha256, place]),
      )
      this.#waitMs = FIRST_WAIT_MS
      for (const item of items) {
        if (isEnd(item.state)) continue
        const place = known.get(item.sha256 ?? '')
        if (place === undefined) {
          item.state = 'ready'
          this.#ready.push(item)
        } else {
          item.answer = { studyInstanceUid: place.studyInstanceUid }
          this.#end(item, item.attempted ? 'stored' : 'duplicate', undefined)
        }
      }
    } catch (error) {
      this.#putBack(items, this.#toCheck, 'checking', error, signal)
    } finally {
      this.#checking = false
      this.#pump()
    }
  }

  #nextBatch(): UploadItem[] {
    const more = this.#inspecting > 0 || this.#checking || this.#toInspect.length + this.#toCheck.length > 0
    return takeBatch(this.#ready, more && this.#sending > 0)
  }

  async #send(items: readonly UploadItem[]): Promise<void> {
    const { signal } = this.#run
    this.#sending += 1
    for (const item of items) item.state = 'sending'
    try {
      const files = await this.#open(items)
      const sending = items.filter((item) => item.state === 'sending')
      if (sending.length > 0) await this.#sendFiles(sending, files, signal)
      this.#waitMs = FIRST_WAIT_MS
    } catch (error) {
      this.#sendFailed(items, error, signal)
    } finally {
      this.#sending -= 1
      this.#changed()
      this.#pump()
    }
  }

  async #open(items: readonly UploadItem[]): Promise<OutgoingFile[]> {
    const files: OutgoingFile[] = []
    for (const item of items) {
      try {
        const blob = await (item.file as NonNullable<UploadItem['file']>).open()
        // Reads one byte: a file that vanished would otherwise break the whole request, and name no culprit.
        await blob.slice(0, 1).arrayBuffer()
        files.push({ blob, sha256: item.sha256 ?? '', size: item.size })
      } catch (error) {
        if (!(error instanceof Error)) throw error
        this.#end(item, 'failed', 'unreadable')
      }
    }
    return files
  }

  async #sendFiles(
    items: readonly UploadItem[],
    files: readonly OutgoingFile[],
    signal: AbortSignal,
  ): Promise<void> {
    const onProgress = (sent: number): void => {
      if (signal.aborted) return
      this.#tally.progress(items, sent)
      this.#changed()
    }
    const [only] = files
    const { transport } = this.#parts
    const results =
      files.length === 1 && only !== undefined && only.size > LARGE_BYTES
        ? [await transport.sendLarge(only, { signal, onProgress })]
        : await transport.sendBatch(files, { signal, onProgress })
    items.forEach((item, index) => this.#answered(item, results[index]))
  }

  #answered(item: UploadItem, result: UploadResult | undefined): void {
    if (isEnd(item.state)) return
    if (result === undefined) {
      this.#end(item, 'failed', 'answer-invalid')
      return
    }
    item.answer = result
    const state = result.outcome === 'duplicate' && item.attempted ? 'stored' : result.outcome
    this.#end(item, state, result.reason ?? undefined)
  }

  #sendFailed(items: readonly UploadItem[], error: unknown, signal: AbortSignal): void {
    const open = items.filter((item) => !isEnd(item.state))
    for (const item of open) {
      item.attempted = true
      this.#tally.unsent(item)
    }
    const refused = error instanceof ApiError && !error.passes && error.status !== 401
    if (refused && open.length > 1 && !signal.aborted) {
      // One of them may be the reason; asked one by one, it cannot spoil the others.
      for (const item of open) {
        item.state = 'ready'
        item.alone = true
      }
      this.#ready.unshift(...open)
      return
    }
    this.#putBack(open, this.#ready, 'ready', error, signal)
  }

  /** What could not be asked or sent waits in front, and the queue waits with it when the far side is the reason. */
  #putBack(
    items: readonly UploadItem[],
    queue: UploadItem[],
    state: 'checking' | 'ready',
    error: unknown,
    signal: AbortSignal,
  ): void {
    const open = items.filter((item) => !isEnd(item.state))
    const signedOut = error instanceof ApiError && error.status === 401
    const passes = error instanceof ApiError && error.passes
    if (!signal.aborted && !signedOut && !passes) {
      for (const item of open) this.#end(item, 'failed', error instanceof ApiError ? error.code : 'unknown')
      return
    }
    for (const item of open) item.state = state
    queue.unshift(...open)
    if (signal.aborted) return
    if (signedOut) this.#halt('signed-out')
    else if (passes) this.#wait(error.retryAfterSeconds)
  }

  /** Starts nothing more for a while; requests that are still under way may go on. */
  #wait(atLeastSeconds = 0): void {
    if (this.#phase !== 'running') return
    const wait = Math.max(this.#waitMs * (0.75 + this.#parts.random() / 2), atLeastSeconds * 1000)
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
    this.#retryAt = this.#parts.now() + wait
    this.#stopWaiting = this.#parts.setTimer(() => this.tryNow(), wait)
    this.#setPhase('waiting-for-network')
  }

  /** Breaks off what is under way; each request puts its files back as it ends. */
  #halt(phase: UploadPhase): void {
    this.#stopWaiting?.()
    this.#retryAt = undefined
    this.#setPhase(phase)
    const ended = this.#run
    this.#run = new AbortController()
    ended.abort()
  }

  #end(item: UploadItem, state: EndState, reason: string | undefined): void {
    item.state = state
    item.reason = reason
    this.#tally.end(item)
    if (state !== 'failed') {
      const studyInstanceUid = item.answer?.studyInstanceUid ?? null
      this.#parts.ledger.record(item, { state, reason, sha256: item.sha256, studyInstanceUid })
    }
    this.#changed()
  }

  #isDone(): boolean {
    return (
      this.#walks === 0 &&
      this.#inspecting === 0 &&
      !this.#checking &&
      this.#sending === 0 &&
      this.#toInspect.length + this.#toCheck.length + this.#ready.length === 0
    )
  }

  #setPhase(phase: UploadPhase): void {
    if (this.#phase === phase) return
    this.#phase = phase
    if (phase === 'running') this.#tally.resumed()
    this.#listeners.tell()
  }

  #changed(): void {
    this.#version += 1
    this.#listeners.changed()
  }

  #makeSnapshot(): UploadSnapshot {
    return {
      ...this.#tally.read(),
      phase: this.#phase,
      walking: this.#walks > 0,
      version: this.#version,
      retryAt: this.#retryAt,
    }
  }
}
