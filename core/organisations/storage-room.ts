import { asArchive } from '../access/organisation-wall.ts'
import type { Clock } from '../ports/clock.ts'
import type { Queryable } from '../ports/database.ts'

/** How much an organisation keeps and may keep. Units: bytes. */
export interface StorageRoom {
  readonly keptBytes: number
  /** Null: as much as there is room for. */
  readonly quotaBytes: number | null
}

/** Bytes that may still come; never less than none. */
export const leftOf = ({ keptBytes, quotaBytes }: StorageRoom): number =>
  quotaBytes === null ? Infinity : Math.max(0, quotaBytes - keptBytes)

const NO_ID = '00000000-0000-0000-0000-000000000000'

/** What is counted, and what came since, whose Ids are higher: of the few that came, an index knows. */
export async function readStorageRoom(database: Queryable, organisationId: string): Promise<StorageRoom> {
  const [row] = await database.query<StorageRoom>(
    `select o.quota_bytes as "quotaBytes", (coalesce(k.bytes, 0)
         + (select coalesce(sum(i.size), 0) from instance i where i.organisation_id = o.organisation_id
              and i.instance_id >= coalesce(k.counted_to, '${NO_ID}'))
         + (select coalesce(sum(q.size), 0) from quarantine q where q.organisation_id = o.organisation_id))::bigint as "keptBytes"
     from organisation o left join kept_bytes k using (organisation_id) where o.organisation_id = $1`,
    [organisationId],
    { name: 'read-storage-room' },
  )
  return row ?? { keptBytes: 0, quotaBytes: null }
}

/** For how long a process believes what it read; what it stores itself it adds. Milliseconds. */
const BELIEVED_MS = 10_000

/**
 * What this process knows of every organisation's room, for the door of every instance. Several processes together may take in
 * more than there is room for, for as long as one believes what it read.
 */
export interface RoomBook {
  of(organisationId: string): Promise<StorageRoom>
  /** So many bytes more are kept now. */
  took(organisationId: string, bytes: number): void
  /** Its quota was changed here. */
  forget(organisationId: string): void
}

export function createRoomBook(parts: { readonly database: Queryable; readonly clock: Clock }): RoomBook {
  const known = new Map<
    string,
    { readonly until: number; readonly room: Promise<StorageRoom>; since: number }
  >()
  return {
    async of(organisationId) {
      let entry = known.get(organisationId)
      if (entry === undefined || entry.until <= parts.clock.now()) {
        const room = asArchive(() => readStorageRoom(parts.database, organisationId))
        entry = { until: parts.clock.now() + BELIEVED_MS, room, since: 0 }
        known.set(organisationId, entry)
        // What could not be read is read again.
        room.catch(() => known.delete(organisationId))
      }
      const { keptBytes, quotaBytes } = await entry.room
      return { keptBytes: keptBytes + entry.since, quotaBytes }
    },
    took(organisationId, bytes) {
      const entry = known.get(organisationId)
      if (entry !== undefined) entry.since += bytes
    },
    forget: (organisationId) => void known.delete(organisationId),
  }
}
