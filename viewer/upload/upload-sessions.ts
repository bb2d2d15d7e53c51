import { z } from 'zod'
import { Sha256 } from './sha256.ts'
import type { LedgerEntry, LedgerFile, UploadLedger } from './upload-ledger.ts'
import type { UploadSource } from './walk-sources.ts'

const DATABASE = 'yunying-uploads'
const FLUSH_MS = 500
const KEPT_DAYS = 14

/** An upload that was not finished when its page went away. */
export interface InterruptedUpload {
  readonly startedAt: number
  /** What was dropped, by name. */
  readonly names: readonly string[]
  /** Empty where the browser cannot keep them: then the person drops the same folder again. */
  readonly handles: readonly FileSystemHandle[]
  readonly done: number
}

const Entry = z.object({
  key: z.string(),
  state: z.enum(['stored', 'duplicate', 'conflict', 'rejected', 'skipped']),
  reason: z.string().optional(),
  sha256: z.string().optional(),
  studyInstanceUid: z.string().nullable(),
})

/**
 * One person's upload on this machine, kept in IndexedDB over a reload: what was dropped, and what became of each
 * file. Where the browser refuses storage (private windows), uploads work and only do not survive the page.
 */
export class UploadSessions implements UploadLedger {
  readonly #database: IDBDatabase | undefined
  readonly #owner: string
  readonly #entries = new Map<string, LedgerEntry>()
  #pending: z.infer<typeof Entry>[] = []
  #flush: ReturnType<typeof setTimeout> | undefined

  private constructor(database: IDBDatabase | undefined, owner: string) {
    this.#database = database
    this.#owner = owner
  }

  /** Opens what is kept for this person; what is kept for anyone else on this machine is thrown away. */
  static async open(owner: string): Promise<UploadSessions> {
    const sessions = new UploadSessions(await openDatabase(), owner)
    await sessions.#load()
    return sessions
  }

  find(file: LedgerFile): LedgerEntry | undefined {
    return this.#entries.get(keyOf(file))
  }

  record(file: LedgerFile, entry: LedgerEntry): void {
    const key = keyOf(file)
    this.#entries.set(key, entry)
    this.#pending.push({ key, ...entry })
    this.#flush ??= setTimeout(() => void this.#write(), FLUSH_MS)
  }

  /** Remembers what was dropped. */
  async begin(sources: readonly UploadSource[]): Promise<void> {
    const before = await this.interrupted()
    await this.#put('session', {
      id: 'current',
      owner: this.#owner,
      startedAt: before?.startedAt ?? Date.now(),
      names: [...new Set([...(before?.names ?? []), ...sources.map(nameOf)])].slice(0, 20),
      handles: [...(before?.handles ?? []), ...sources.flatMap(handleOf)],
    })
  }

  /** The upload to go on with, if there is one. */
  async interrupted(): Promise<InterruptedUpload | undefined> {
    const kept = (await this.#get('session', 'current')) as
      (Omit<InterruptedUpload, 'done'> & { owner: string }) | undefined
    const isOld = kept !== undefined && Date.now() - kept.startedAt > KEPT_DAYS * 86_400_000
    if (kept === undefined || kept.owner !== this.#owner || isOld) return undefined
    return { ...kept, done: this.#entries.size }
  }

  /** Forgets it: it is finished, or nobody wants it. */
  async end(): Promise<void> {
    clearTimeout(this.#flush)
    this.#flush = undefined
    this.#pending = []
    this.#entries.clear()
    await this.#clear()
  }

  async #load(): Promise<void> {
    if ((await this.interrupted()) === undefined) {
      await this.#clear()
      return
    }
    for (const kept of await this.#all('outcomes')) {
      const entry = Entry.safeParse(kept)
      if (!entry.success) continue
      const { key, state, reason, sha256, studyInstanceUid } = entry.data
      this.#entries.set(key, { state, reason, sha256, studyInstanceUid })
    }
  }

  async #write(): Promise<void> {
    this.#flush = undefined
    const entries = this.#pending
    this.#pending = []
    if (this.#database === undefined || entries.length === 0) return
    const store = this.#database.transaction('outcomes', 'readwrite').objectStore('outcomes')
    await Promise.all(entries.map((entry) => answered(store.put(entry))))
  }

  async #put(store: string, value: object): Promise<void> {
    if (this.#database === undefined) return
    await answered(this.#database.transaction(store, 'readwrite').objectStore(store).put(value))
  }

  async #get(store: string, key: string): Promise<unknown> {
    if (this.#database === undefined) return undefined
    return answered(this.#database.transaction(store).objectStore(store).get(key))
  }

  async #all(store: string): Promise<unknown[]> {
    if (this.#database === undefined) return []
    return answered(this.#database.transaction(store).objectStore(store).getAll())
  }

  async #clear(): Promise<void> {
    if (this.#database === undefined) return
    const change = this.#database.transaction(['session', 'outcomes'], 'readwrite')
    await Promise.all([
      answered(change.objectStore('session').clear()),
      answered(change.objectStore('outcomes').clear()),
    ])
  }
}

function openDatabase(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') {
      resolve(undefined)
      return
    }
    const request = indexedDB.open(DATABASE, 1)
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore('session', { keyPath: 'id' })
      request.result.createObjectStore('outcomes', { keyPath: 'key' })
    })
    request.addEventListener('success', () => resolve(request.result))
    // Private windows and full disks: the upload still works, it only is not kept.
    request.addEventListener('error', () => resolve(undefined))
  })
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed.')))
  })
}

/** A path may hold a patient's name, so only its hash is kept. */
function keyOf(file: LedgerFile): string {
  const text = JSON.stringify([file.path, file.size, file.lastModified])
  return new Sha256().update(new TextEncoder().encode(text)).digest().slice(0, 32)
}

function nameOf(source: UploadSource): string {
  if (source.kind === 'handle') return source.handle.name
  if (source.kind === 'entry') return source.entry.name
  return source.path.split('/')[0] ?? source.path
}

function handleOf(source: UploadSource): FileSystemHandle[] {
  return source.kind === 'handle' ? [source.handle] : []
}
