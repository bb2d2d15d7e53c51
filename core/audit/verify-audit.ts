import type { Pacs } from '../pacs.ts'
import { CHAINED_COLUMNS, linkHash, NO_HASH, type ChainedEvent } from './audit-chain.ts'
import { sealedHeads, type SealedHead } from './seal-audit.ts'

const PAGE = 5_000
/** Every event up to this number is linked. */
const LINKED_UP_TO = '(select coalesce(max(audit_event_id), 0) from audit_head)'

/**
 * - edited: the event does not have the content that was linked
 * - deleted: a link, or the event it names, is gone
 * - inserted: an event stands among linked ones without a link
 * - reordered: the links do not name the events in the order they were recorded
 * - rewritten: the chain does not have the end that was written to the object store
 */
export type AuditFault = 'edited' | 'deleted' | 'inserted' | 'reordered' | 'rewritten'

export interface AuditVerification {
  readonly organisationId: string
  /** Links that hold, up to the first fault. */
  readonly links: number
  /** Heads in the object store that were compared. */
  readonly heads: number
  /** Events that wait for the next pass of the sealer: not chained yet. */
  readonly waiting: number
  readonly fault?: {
    readonly kind: AuditFault
    readonly seq: number
    readonly auditEventId: number | undefined
  }
}

type Row = { readonly seq: number; readonly linked_id: number; readonly hash: Buffer } & {
  readonly [Column in keyof ChainedEvent]: ChainedEvent[Column] | null
}

/** Follows the chain of an organisation from its first link, and says where it first breaks. */
export async function verifyAudit(
  pacs: Pick<Pacs, 'database' | 'objects'>,
  organisationId: string,
): Promise<AuditVerification> {
  const heads = await sealedHeads(pacs.objects, organisationId)
  const headAt = new Map(heads.map((head) => [head.seq, head]))
  const { waiting, end } = await ends(pacs, organisationId)
  const stray = await firstStray(pacs, organisationId)
  const done = (links: number, fault?: AuditVerification['fault']): AuditVerification => ({
    organisationId,
    links,
    heads: heads.filter((head) => head.seq <= links).length,
    waiting,
    ...(fault === undefined ? {} : { fault }),
  })

  let before: Uint8Array = NO_HASH
  let seq = 0
  let lastId = 0
  for await (const row of links(pacs, organisationId)) {
    const fault = faultOf(row, { before, seq, lastId, head: headAt.get(row.seq) })
    if (fault !== undefined) return done(seq, { kind: fault, seq: seq + 1, auditEventId: row.linked_id })
    if (stray !== undefined && stray < row.linked_id)
      return done(seq, { kind: 'inserted', seq: seq + 1, auditEventId: stray })
    before = row.hash
    seq = row.seq
    lastId = row.linked_id
  }
  if (Math.max(end, heads.at(-1)?.seq ?? 0) > seq)
    return done(seq, { kind: 'deleted', seq: seq + 1, auditEventId: undefined })
  if (stray !== undefined) return done(seq, { kind: 'inserted', seq: seq + 1, auditEventId: stray })
  return done(seq)
}

/** Where the chain says it ends, and how many events were recorded since. */
async function ends(
  { database }: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<{ waiting: number; end: number }> {
  const [row] = await database.query<{ waiting: number; end: number | null }>(
    `select (select count(*) from audit_event where organisation_id = $1 and audit_event_id > ${LINKED_UP_TO}) as waiting,
       (select seq from audit_head where organisation_id = $1) as "end"`,
    [organisationId],
  )
  return { waiting: row?.waiting ?? 0, end: row?.end ?? 0 }
}

/** The first event without a link among those that all have one. */
async function firstStray(
  { database }: Pick<Pacs, 'database'>,
  organisationId: string,
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number | null }>(
    `select min(e.audit_event_id) as id from audit_event e left join audit_link l using (audit_event_id)
     where e.organisation_id = $1 and l.audit_event_id is null and e.audit_event_id <= ${LINKED_UP_TO}`,
    [organisationId],
  )
  return row?.id ?? undefined
}

function faultOf(
  row: Row,
  at: { before: Uint8Array; seq: number; lastId: number; head: SealedHead | undefined },
): AuditFault | undefined {
  if (row.seq !== at.seq + 1) return 'deleted'
  if (row.linked_id <= at.lastId) return 'reordered'
  if (row.audit_event_id === null) return 'deleted'
  if (!linkHash(at.before, row.seq, row as ChainedEvent).equals(row.hash)) return 'edited'
  if (at.head !== undefined && at.head.hash !== row.hash.toString('hex')) return 'rewritten'
  return undefined
}

async function* links(pacs: Pick<Pacs, 'database'>, organisationId: string): AsyncGenerator<Row> {
  for (let after = 0; ;) {
    const page = await pacs.database.query<Row>(
      `select l.seq, l.audit_event_id as linked_id, l.hash, ${CHAINED_COLUMNS}
       from audit_link l left join audit_event e on e.audit_event_id = l.audit_event_id and e.organisation_id = $1
       where l.organisation_id = $1 and l.seq > $2 order by l.seq limit ${PAGE}`,
      [organisationId, after],
    )
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.seq
  }
}
