import { asArchive } from '../access/organisation-wall.ts'
import type { Principal } from '../access/principal.ts'
import type { Pacs } from '../pacs.ts'

const FLUSH_MS = 30_000

/** What this process served, by organisation: counted in memory, and added to the day's every half minute. */
export interface UsageLedger {
  /** So many bytes were sent to this principal. What a share link's guest is sent is its maker's. */
  served(principal: Principal, bytes: number): void
  /** Writes what is not written yet. Errors: 'unavailable'; then it is kept for the next time. */
  flush(): Promise<void>
  close(): Promise<void>
}

export function openUsageLedger(pacs: Pick<Pacs, 'database' | 'log'>): UsageLedger {
  let bytes = new Map<string, number>()
  let people = new Map<string, Set<string>>()
  let flushing: Promise<void> | undefined

  const add = (organisationId: string, more: number): void =>
    void bytes.set(organisationId, (bytes.get(organisationId) ?? 0) + more)
  const note = (organisationId: string, userIds: Iterable<string>): void => {
    const seen = people.get(organisationId) ?? new Set()
    for (const userId of userIds) seen.add(userId)
    people.set(organisationId, seen)
  }

  async function write(): Promise<void> {
    const [servedBytes, visitors] = [bytes, people]
    bytes = new Map()
    people = new Map()
    const visits = [...visitors].flatMap(([id, users]) => [...users].map((user) => [id, user] as const))
    try {
      await asArchive(() =>
        pacs.database.transaction(async (tx) => {
          await tx.query(ADD_BYTES, [[...servedBytes.keys()], [...servedBytes.values()]])
          await tx.query(ADD_VISITS, [visits.map(([id]) => id), visits.map(([, user]) => user)])
        }),
      )
    } catch (error) {
      for (const [id, count] of servedBytes) add(id, count)
      for (const [id, users] of visitors) note(id, users)
      throw error
    }
  }

  const flush = async (): Promise<void> => {
    await flushing
    if (bytes.size === 0 && people.size === 0) return
    flushing = write().finally(() => (flushing = undefined))
    return flushing
  }
  const flushQuietly = (): Promise<void> =>
    flush().catch((error: unknown) => pacs.log.warn({ err: error }, 'usage was not written; it is kept'))
  const timer = setInterval(() => void flushQuietly(), FLUSH_MS).unref()

  return {
    served(principal, count) {
      if (principal.kind !== 'user') return
      const organisationId = principal.auditOrganisationId ?? principal.organisationId
      add(organisationId, count)
      if (principal.share === undefined) note(organisationId, [principal.userId])
    },
    flush,
    close: async () => {
      clearInterval(timer)
      await flushQuietly()
    },
  }
}

/** An organisation that went meanwhile is left out. */
const ADD_BYTES = `insert into usage_day (organisation_id, day, served_bytes)
  select o.organisation_id, (now() at time zone o.time_zone)::date, s.bytes
  from unnest($1::uuid[], $2::bigint[]) as s(organisation_id, bytes) join organisation o using (organisation_id)
  on conflict (organisation_id, day) do update set served_bytes = usage_day.served_bytes + excluded.served_bytes`
const ADD_VISITS = `insert into usage_visit (organisation_id, day, user_id)
  select o.organisation_id, (now() at time zone o.time_zone)::date, v.user_id
  from unnest($1::uuid[], $2::uuid[]) as v(organisation_id, user_id) join organisation o using (organisation_id)
  on conflict do nothing`
