import { Readable } from 'node:stream'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'
import type { ObjectKey, ObjectStore } from '../ports/object-store.ts'
import { CHAINED_COLUMNS, linkHash, NO_HASH, type ChainedEvent } from './audit-chain.ts'

/** Events linked in one transaction, at most. */
const MOST_AT_ONCE = 5_000
/** New events wait for the lock at most this long; the next pass comes soon. */
const LOCK_TIMEOUT = '250ms'

interface Head {
  readonly organisation_id: string
  readonly seq: number
  readonly audit_event_id: number
  readonly hash: Buffer
}

/** What is written to the object store once a day: a chain that was rewritten since does not end here. */
export interface SealedHead {
  readonly organisationId: string
  readonly seq: number
  readonly auditEventId: number
  /** Lower-case hexadecimal. */
  readonly hash: string
  readonly sealedAt: string
}

/**
 * Links what was recorded since the last pass to the chain of its organisation, and once a UTC day writes the end of each
 * chain to the object store. Events are recorded without waiting for each other and linked a moment later, so that a
 * chain costs no request anything. One process at a time; answers how many events it linked, undefined in the others.
 */
export async function sealAudit(
  pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>,
): Promise<number | undefined> {
  return pacs.database.withLock('seal-audit', async () => {
    let linked = 0
    for (;;) {
      const count = await linkEvents(pacs)
      linked += count
      if (count === 0) break
    }
    await writeHeads(pacs)
    return linked
  })
}

async function linkEvents({ database }: Pick<Pacs, 'database'>): Promise<number> {
  const [waiting] = await database.query<{ waits: boolean }>(
    `select exists (select 1 from audit_event
       where audit_event_id > (select coalesce(max(audit_event_id), 0) from audit_head)) as waits`,
  )
  if (waiting?.waits !== true) return 0
  return database.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`)
    // Numbers are given before commits: with the writers waited for, no smaller one can still appear.
    await tx.query('lock table audit_event in share mode')
    // By a range of numbers, not by a limit: with a long backlog the planner would sort all of it each time, while writers wait.
    const [next] = await tx.query<{ first: number | null }>(
      `select min(audit_event_id) as first from audit_event
       where audit_event_id > (select coalesce(max(audit_event_id), 0) from audit_head)`,
    )
    if (next?.first == null) return 0
    const events = await tx.query<ChainedEvent>(
      `select ${CHAINED_COLUMNS} from audit_event e
       where e.audit_event_id >= $1 and e.audit_event_id < $2 order by e.audit_event_id`,
      [next.first, next.first + MOST_AT_ONCE],
    )
    await append(tx, events)
    return events.length
  })
}

async function append(tx: Queryable, events: readonly ChainedEvent[]): Promise<void> {
  if (events.length === 0) return
  const heads = new Map<string, Head>()
  for (const head of await tx.query<Head>(
    'select organisation_id, seq, audit_event_id, hash from audit_head',
  ))
    heads.set(head.organisation_id, head)
  const links: Head[] = []
  for (const event of events) {
    const before = heads.get(event.organisation_id)
    const seq = (before?.seq ?? 0) + 1
    const link: Head = {
      organisation_id: event.organisation_id,
      seq,
      audit_event_id: event.audit_event_id,
      hash: linkHash(before?.hash ?? NO_HASH, seq, event),
    }
    links.push(link)
    heads.set(event.organisation_id, link)
  }
  const columns = (list: readonly Head[]) => [
    list.map((link) => link.organisation_id),
    list.map((link) => link.seq),
    list.map((link) => link.audit_event_id),
    list.map((link) => link.hash),
  ]
  await tx.query(
    `insert into audit_link (organisation_id, seq, audit_event_id, hash)
     select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[])`,
    columns(links),
  )
  const moved = [...new Set(events.map((event) => event.organisation_id))].flatMap(
    (id) => heads.get(id) ?? [],
  )
  await tx.query(
    `insert into audit_head (organisation_id, seq, audit_event_id, hash)
     select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[])
     on conflict (organisation_id) do update set seq = excluded.seq, audit_event_id = excluded.audit_event_id, hash = excluded.hash`,
    columns(moved),
  )
}

async function writeHeads(pacs: Pick<Pacs, 'database' | 'objects' | 'clock'>): Promise<void> {
  const now = new Date(pacs.clock.now())
  const today = now.toISOString().slice(0, 10)
  const due = await pacs.database.query<Head>(
    `select organisation_id, seq, audit_event_id, hash from audit_head where sealed_on is null or sealed_on < $1::date`,
    [today],
  )
  for (const head of due) {
    const sealed: SealedHead = {
      organisationId: head.organisation_id,
      seq: head.seq,
      auditEventId: head.audit_event_id,
      hash: head.hash.toString('hex'),
      sealedAt: now.toISOString(),
    }
    const body = Buffer.from(JSON.stringify(sealed))
    const key = headKey(head.organisation_id, today)
    // What was written stays: only a chain made anew would want to write it again.
    if ((await pacs.objects.head(key)) === undefined)
      await pacs.objects.put(key, Readable.from([body]), { size: body.length })
    await pacs.database.query('update audit_head set sealed_on = $2::date where organisation_id = $1', [
      head.organisation_id,
      today,
    ])
  }
}

const headFolder = (organisationId: string): string => `organisations/${organisationId}/audit/`

const headKey = (organisationId: string, day: string): ObjectKey =>
  `${headFolder(organisationId)}${day}.json` as ObjectKey

/** The heads that were written of an organisation's chain, oldest first. */
export async function sealedHeads(objects: ObjectStore, organisationId: string): Promise<SealedHead[]> {
  const heads: SealedHead[] = []
  for await (const { key } of objects.list(headFolder(organisationId))) {
    heads.push(JSON.parse(Buffer.from(await objects.read(key)).toString('utf8')) as SealedHead)
  }
  return heads.sort((a, b) => a.seq - b.seq)
}
