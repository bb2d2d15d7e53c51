import { createHash } from 'node:crypto'
import { isYunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'
import { findOrphans } from './find-orphans.ts'
import { mapConcurrently } from './map-concurrently.ts'

/** Younger objects may be on their way to their row. */
const ON_ITS_WAY_MS = 60_000
const PAGE = 500
const AT_ONCE = 4

export interface VerifyReport {
  /** Objects that were read and hashed. */
  readonly checked: number
  /** Keys of objects that a row names and the store does not have. */
  readonly missing: readonly string[]
  /** Keys of objects whose bytes are not those that were received. */
  readonly changed: readonly string[]
  /** Keys of objects that no row names. */
  readonly orphaned: readonly string[]
}

interface Kept {
  readonly id: string
  readonly key: ObjectKey
  readonly size: number
  readonly sha256: string
}

/**
 * Reads every received object again and compares it with its row, in quarantine too; then looks for objects without a
 * row. Errors: 'unavailable' when the store or the database does not answer.
 */
export async function verify(
  pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>,
  onProgress: (done: number) => void = () => undefined,
): Promise<VerifyReport> {
  const missing: string[] = []
  const changed: string[] = []
  let checked = 0
  let done = 0
  for (const table of ['instance', 'quarantine'] as const) {
    for await (const page of keptObjects(pacs, table)) {
      await mapConcurrently(page, AT_ONCE, async (kept) => {
        const state = await compare(pacs, kept)
        if (state !== 'missing') checked += 1
        if (state === 'missing') missing.push(kept.key)
        else if (state === 'changed') changed.push(kept.key)
        onProgress(++done)
      })
    }
  }
  const orphaned: string[] = []
  for await (const { object } of findOrphans(pacs, ON_ITS_WAY_MS)) orphaned.push(object.key)
  return { checked, missing: missing.sort(), changed: changed.sort(), orphaned }
}

/** The rows that name an object, in pages by Id: no transaction stays open while the bytes are read. */
async function* keptObjects(
  pacs: Pick<Pacs, 'database'>,
  table: 'instance' | 'quarantine',
): AsyncGenerator<Kept[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await pacs.database.query<Kept>(
      `select ${table}_id as id, object_key as key, size, encode(sha256, 'hex') as sha256 from ${table}
       where ${table}_id > $1 order by ${table}_id limit ${PAGE}`,
      [after],
    )
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.id
  }
}

async function compare(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  kept: Kept,
): Promise<'same' | 'changed' | 'missing'> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const chunk of await pacs.objects.stream(kept.key)) {
      hash.update(chunk)
      size += chunk.length
    }
  } catch (error) {
    if (isYunyingError(error) && error.kind === 'not-found') return stillNamed(pacs, kept)
    throw error
  }
  return size === kept.size && hash.digest('hex') === kept.sha256 ? 'same' : 'changed'
}

/** An entry of the quarantine may have been discarded since its row was read. */
async function stillNamed(pacs: Pick<Pacs, 'database'>, kept: Kept): Promise<'same' | 'missing'> {
  const rows = await pacs.database.query(
    `select 1 from instance where instance_id = $1 union all select 1 from quarantine where quarantine_id = $1`,
    [kept.id],
  )
  return rows.length > 0 ? 'missing' : 'same'
}
