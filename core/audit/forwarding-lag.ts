import type { Pacs } from '../pacs.ts'

/** What the receiver of the record has not read yet. */
export interface ForwardingLag {
  readonly waiting: number
  /** When the first of them happened; null where none waits. */
  readonly since: Date | null
}

/** Of all organisations together. */
export async function forwardingLag({ database }: Pick<Pacs, 'database'>): Promise<ForwardingLag> {
  const [row] = await database.query<{ waiting: number; since: Date | null }>(
    `select coalesce(sum(h.seq - coalesce(f.seq, 0)), 0) as waiting, min(e.occurred_at) as since
     from audit_head h left join audit_forwarding f using (organisation_id)
     left join audit_link l on l.organisation_id = h.organisation_id and l.seq = coalesce(f.seq, 0) + 1
     left join audit_event e on e.audit_event_id = l.audit_event_id`,
  )
  return { waiting: row?.waiting ?? 0, since: row?.since ?? null }
}
