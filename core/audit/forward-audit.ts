import { setTimeout as sleep } from 'node:timers/promises'
import type { Pacs } from '../pacs.ts'
import { auditMessage, type RecordedEvent } from './audit-message.ts'
import { syslogFrame } from './syslog-frame.ts'

/** A connection to the receiver. There is no word of it for a message: what arrived is known when it ends in order. */
export interface AuditChannel {
  /** Resolves when more may be sent. Rejects once the receiver is gone, or takes nothing for too long. */
  send(frame: Uint8Array): Promise<void>
  /**
   * Ends the connection, and resolves when the receiver has ended it too: it has then read all there was. Rejects when the
   * receiver was gone before, or does not answer.
   */
  confirm(): Promise<void>
  /** Lets go of it, whatever its state. */
  destroy(): void
}

export interface Forwarding {
  /** Errors: rejects when nobody answers, or it is not who it must be. */
  readonly open: (signal: AbortSignal) => Promise<AuditChannel>
  /** The name of this machine, and of its process. */
  readonly host: string
  readonly processId: number
  /** How long a connection without new events is kept before it is confirmed. Milliseconds. */
  readonly idleMs: number
}

/** Sent again, at most, when a receiver goes away. */
const MOST_UNCONFIRMED = 2_000
const LONGEST_SESSION_MS = 60_000
const PAGE = 200
const LOOK_MS = 500

interface Chain {
  readonly organisation_id: string
  /** Confirmed. */
  readonly seq: number
}

/**
 * One connection's worth of forwarding: sends what each organisation's chain has beyond what a receiver confirmed, in the
 * order of the chain, stays a moment for what comes then, and writes down how far it came once the receiver has read all
 * of it. What a receiver may not have read is sent again the next time: each event arrives once or more, and in order.
 * One process at a time; answers how many events were confirmed, undefined in the others. Errors: of the channel and the database.
 */
export async function forwardAudit(
  pacs: Pick<Pacs, 'database' | 'clock' | 'log'>,
  forwarding: Forwarding,
  signal: AbortSignal,
): Promise<number | undefined> {
  return pacs.database.withLock('forward-audit', async () => {
    const chains = await waitingChains(pacs, new Map())
    if (chains.length === 0) return 0
    const channel = await forwarding.open(signal)
    try {
      const { sent, count } = await sendWaiting(pacs, forwarding, channel, signal)
      await channel.confirm()
      await keepPositions(pacs, sent)
      return count
    } finally {
      channel.destroy()
    }
  })
}

/** Sends until nothing comes any more for a moment, or it is time to have it confirmed. */
async function sendWaiting(
  pacs: Pick<Pacs, 'database' | 'clock' | 'log'>,
  forwarding: Forwarding,
  channel: AuditChannel,
  signal: AbortSignal,
): Promise<{ sent: Map<string, number>; count: number }> {
  const sent = new Map<string, number>()
  const end = pacs.clock.now() + LONGEST_SESSION_MS
  let count = 0
  let lastAt = pacs.clock.now()
  for (;;) {
    const chains = await waitingChains(pacs, sent)
    for (const { organisation_id: id, seq } of chains) {
      const rows = await readChain(pacs, id, sent.get(id) ?? seq)
      for (const row of rows) {
        if (row.occurred === null)
          pacs.log.warn({ organisationId: id, seq: row.seq }, 'an event of the record is gone')
        else await channel.send(frameOf(row, id, forwarding))
        sent.set(id, row.seq)
      }
      count += rows.length
    }
    const now = pacs.clock.now()
    if (chains.length > 0) lastAt = now
    const isIdle = chains.length === 0 && now - lastAt >= forwarding.idleMs
    if (isIdle || signal.aborted || count >= MOST_UNCONFIRMED || now > end) return { sent, count }
    if (chains.length === 0) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** Chains that have more than was confirmed, or sent in this session. */
async function waitingChains(
  { database }: Pick<Pacs, 'database'>,
  sent: ReadonlyMap<string, number>,
): Promise<Chain[]> {
  const chains = await database.query<Chain & { readonly head: number }>(
    `select h.organisation_id, h.seq as head, coalesce(f.seq, 0) as seq
     from audit_head h left join audit_forwarding f using (organisation_id)
     where h.seq > coalesce(f.seq, 0) order by h.organisation_id`,
  )
  return chains.filter(({ organisation_id: id, head, seq }) => head > (sent.get(id) ?? seq))
}

interface ChainRow {
  readonly seq: number
  readonly audit_event_id: number
  /** Null where a link names an event that is not there any more: `audit verify` says so. */
  readonly occurred: string | null
  readonly event: string
  readonly outcome: string
  readonly user_id: string | null
  readonly email: string | null
  readonly display_name: string | null
  readonly address: string | null
  readonly study_instance_uid: string | null
  readonly patient_id: string | null
  readonly issuer_of_patient_id: string | null
  readonly detail: RecordedEvent['detail']
}

/** Of the chain, not of the table: a link has a place, and none can still appear before it. */
async function readChain(
  { database }: Pick<Pacs, 'database'>,
  id: string,
  after: number,
): Promise<ChainRow[]> {
  return database.query<ChainRow>(
    `select l.seq, l.audit_event_id, to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred,
       e.event, e.outcome, e.user_id, u.email, u.display_name, e.address, e.study_instance_uid, st.patient_id,
       st.issuer_of_patient_id, e.detail
     from audit_link l left join audit_event e on e.audit_event_id = l.audit_event_id
     left join app_user u on u.user_id = e.user_id
     left join study st on st.study_id = e.study_id and st.organisation_id = e.organisation_id
     where l.organisation_id = $1 and l.seq > $2 order by l.seq limit ${PAGE}`,
    [id, after],
  )
}

function frameOf(row: ChainRow, organisationId: string, { host, processId }: Forwarding): Buffer {
  const entry: RecordedEvent = {
    id: row.audit_event_id,
    seq: row.seq,
    organisationId,
    occurredAt: row.occurred ?? '',
    event: row.event,
    outcome: row.outcome,
    person:
      row.user_id === null
        ? null
        : { userId: row.user_id, email: row.email ?? '', displayName: row.display_name ?? '' },
    address: row.address,
    studyInstanceUid: row.study_instance_uid,
    patientId: row.patient_id,
    issuerOfPatientId: row.issuer_of_patient_id,
    detail: row.detail,
  }
  const isWarning = row.outcome !== 'success' || row.event === 'security-alert'
  return syslogFrame({ isWarning, timestamp: entry.occurredAt, host, processId }, auditMessage(entry, host))
}

/** A process that lost its lock a moment ago takes nothing back. */
async function keepPositions(
  { database }: Pick<Pacs, 'database'>,
  sent: ReadonlyMap<string, number>,
): Promise<void> {
  await database.query(
    `insert into audit_forwarding (organisation_id, seq)
     select * from unnest($1::uuid[], $2::bigint[])
     on conflict (organisation_id) do update
       set seq = greatest(audit_forwarding.seq, excluded.seq), forwarded_at = now()`,
    [[...sent.keys()], [...sent.values()]],
  )
}
