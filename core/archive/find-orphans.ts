import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { StoredObject } from '../ports/object-store.ts'
import { parseDerivedKey, parseInstanceKey, parseQuarantineKey } from './object-key.ts'

/** What an object without a row was. */
export type OrphanKind = 'instance' | 'quarantine' | 'derived'

export interface Orphan {
  readonly kind: OrphanKind
  readonly organisationId: string
  readonly object: StoredObject
}

const ORGANISATIONS = 'organisations/'
/** Objects that are looked up together. */
const PAGE = 500

/**
 * Objects that no row names, older than `olderThanMs`: a younger one may be on its way to its row. Each page is listed
 * first and looked up then, so that what is stored meanwhile is no orphan. Objects with other names are none of ours.
 */
export async function* findOrphans(
  pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>,
  olderThanMs: number,
): AsyncGenerator<Orphan> {
  const before = pacs.clock.now() - olderThanMs
  for await (const page of pagesOf(pacs.objects.list(ORGANISATIONS), PAGE)) {
    const old = page.flatMap((object) => (object.modifiedAt <= before ? candidate(object) : []))
    const named = await namedKeys(pacs.database, old)
    for (const orphan of old) if (!named.has(orphan.object.key)) yield orphan
  }
}

function candidate(object: StoredObject): Orphan[] {
  const kinds = {
    instance: parseInstanceKey,
    quarantine: parseQuarantineKey,
    derived: parseDerivedKey,
  } as const
  for (const [kind, parse] of Object.entries(kinds)) {
    const parts = parse(object.key)
    if (parts !== undefined) {
      return [{ kind: kind as OrphanKind, organisationId: parts.organisationId, object }]
    }
  }
  return []
}

/** Those of the keys that a row names (also as one that is being removed), or that belong to an instance that is there and that no row would name. */
async function namedKeys(database: Queryable, candidates: readonly Orphan[]): Promise<Set<string>> {
  if (candidates.length === 0) return new Set()
  const keys = candidates.map(({ object }) => object.key)
  // An object of an instance is looked up by the Id in its name, which is indexed; its key is compared besides.
  const ids = candidates.map(({ object }) => ownerOf(object.key))
  const rows = await database.query<{ key: string }>(
    `with k as (select * from unnest($1::text[], $2::uuid[]) as k(key, id))
     select key from k join instance i on i.instance_id = k.id
       where i.object_key = k.key or (k.key like '%/derived/%' and k.key not like '%/rendition.%')
     union all select key from k join rendition r on r.instance_id = k.id where r.object_key = k.key
     union all select key from k join quarantine q on q.quarantine_id = k.id where q.object_key = k.key
     union all select key from k join removal_object o on o.object_key = k.key
     union all select key from k join series_derived d on d.series_id = k.id where k.key in (d.metadata_key, d.thumbnail_key)`,
    [keys, ids],
  )
  return new Set(rows.map((row) => row.key))
}

const ownerOf = (key: string): string =>
  parseInstanceKey(key)?.id ?? parseQuarantineKey(key)?.id ?? parseDerivedKey(key)?.ownerId ?? ''

/** The items in lists of at most `length`. */
export async function* pagesOf<Item>(items: AsyncIterable<Item>, length: number): AsyncGenerator<Item[]> {
  let page: Item[] = []
  for await (const item of items) {
    page.push(item)
    if (page.length < length) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
