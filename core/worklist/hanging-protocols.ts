import { Readable } from 'node:stream'
import { z } from 'zod'
import { principalCan } from '../access/policy.ts'
import { ROLES, type Principal } from '../access/principal.ts'
import { hangingKey, hangingPrefix } from '../archive/object-key.ts'
import { recordAudit } from '../audit/record-audit.ts'
import {
  HangingProtocol,
  type ChangedHangingProtocol,
  type HangingOwner,
  type KeptProtocol,
  type NewHangingProtocol,
} from '../contract/hanging.ts'
import { notFound, YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { Queryable } from '../ports/database.ts'

type Person = Extract<Principal, { kind: 'user' }>
type Storing = Pick<Pacs, 'database' | 'objects'>

/** A person has some; a script that goes wrong must not fill the table. */
const MOST_OF_A_PERSON = 200

interface Row {
  readonly hanging_protocol_id: string
  readonly user_id: string | null
  readonly role: string | null
  readonly version: number
  readonly protocol: unknown
}

/** What the object store keeps of a protocol: enough to put its row back. */
const StoredProtocol = z.object({
  id: z.uuid(),
  userId: z.uuid().nullable(),
  role: z.enum(ROLES).nullable(),
  version: z.number().int(),
  changedBy: z.uuid().nullable(),
  protocol: HangingProtocol,
})

const COLUMNS = 'hanging_protocol_id, user_id, role, version, protocol'

/** The protocols that are for this person: their own, their roles', and everyone's, the oldest first. */
export async function listProtocols(
  pacs: Pick<Pacs, 'database'>,
  principal: Principal,
): Promise<KeptProtocol[]> {
  const person = personOf(principal)
  const rows = await pacs.database.query<Row>(
    `select ${COLUMNS} from hanging_protocol where organisation_id = $1 and (user_id = $2
       or (user_id is null and (role is null or role = any($3::text[]) or $4)))
     order by hanging_protocol_id`,
    [person.organisationId, person.userId, person.roles, person.roles.includes('administrator')],
  )
  return rows.flatMap((row) => {
    // A shape of a later version, after a step back: better left out than in the way of all others.
    const protocol = HangingProtocol.safeParse(row.protocol)
    if (!protocol.success) return []
    const owner = ownerOf(row)
    const { hanging_protocol_id: id, version } = row
    return [{ id, version, owner, mayChange: mayKeepFor(person, owner), protocol: protocol.data }]
  })
}

/**
 * Keeps a new protocol and returns its id. Durable when it resolves. Errors: 'forbidden' code 'sharing-not-allowed';
 * 'conflict' code 'too-many-protocols'.
 */
export async function createProtocol(
  pacs: Storing & Pick<Pacs, 'ingest'>,
  principal: Principal,
  { owner, protocol }: NewHangingProtocol,
): Promise<string> {
  const person = personOf(principal)
  requireMayKeep(person, owner)
  // By time: their order is that of their making, after a reindex too.
  const id = pacs.ingest.nextId()
  await pacs.database.transaction(async (tx) => {
    const [count] = await tx.query<{ count: number }>(
      'select count(*)::integer as count from hanging_protocol where organisation_id = $1 and changed_by = $2',
      [person.organisationId, person.userId],
    )
    if ((count?.count ?? 0) >= MOST_OF_A_PERSON)
      throw new YunyingError('conflict', 'too-many-protocols', 'Delete a hanging protocol first.')
    const { userId, role } = columnsOf(person, owner)
    await tx.query(
      `insert into hanging_protocol (hanging_protocol_id, organisation_id, user_id, role, version, protocol, changed_by)
       values ($1, $2, $3, $4, 1, $5::jsonb, $6)`,
      [id, person.organisationId, userId, role, JSON.stringify(protocol), person.userId],
    )
    await keep(pacs, tx, person, id, 'created')
  })
  return id
}

/**
 * Writes a protocol in place of the version it names, and returns its own. Errors: 'not-found' code 'protocol-not-found' for
 * one that is not there or for others; 'forbidden' code 'sharing-not-allowed'; 'conflict' code 'protocol-changed'.
 */
export async function changeProtocol(
  pacs: Storing,
  principal: Principal,
  id: string,
  { owner, protocol, version }: ChangedHangingProtocol,
): Promise<number> {
  const person = personOf(principal)
  return pacs.database.transaction(async (tx) => {
    const before = await lock(tx, person, id)
    requireMayKeep(person, ownerOf(before))
    requireMayKeep(person, owner)
    if (before.version !== version)
      throw new YunyingError(
        'conflict',
        'protocol-changed',
        'Somebody changed this hanging protocol meanwhile.',
      )
    const { userId, role } = columnsOf(person, owner)
    await tx.query(
      `update hanging_protocol set version = version + 1, user_id = $2, role = $3, protocol = $4::jsonb, changed_by = $5,
         changed_at = now() where hanging_protocol_id = $1`,
      [id, userId, role, JSON.stringify(protocol), person.userId],
    )
    await keep(pacs, tx, person, id, 'changed')
    return version + 1
  })
}

/** Removes a protocol. Errors as `changeProtocol`, without the conflict. */
export async function deleteProtocol(pacs: Storing, principal: Principal, id: string): Promise<void> {
  const person = personOf(principal)
  await pacs.database.transaction(async (tx) => {
    requireMayKeep(person, ownerOf(await lock(tx, person, id)))
    await tx.query('delete from hanging_protocol where hanging_protocol_id = $1', [id])
    await audit(tx, person, id, 'deleted')
    // Last: should the commit fail, the row has lost its copy until the next change, and nothing else.
    await pacs.objects.delete(hangingKey(person.organisationId, id))
  })
}

/** Puts the protocols of an organisation back, for people that are there. Returns how many. */
export async function restoreProtocols(pacs: Storing, organisationId: string): Promise<number> {
  let restored = 0
  for await (const { key } of pacs.objects.list(hangingPrefix(organisationId))) {
    const stored = StoredProtocol.safeParse(
      JSON.parse(Buffer.from(await pacs.objects.read(key)).toString('utf8')),
    )
    if (!stored.success) continue
    const { id, userId, role, version, changedBy, protocol } = stored.data
    const rows = await pacs.database.query(
      `insert into hanging_protocol (hanging_protocol_id, organisation_id, user_id, role, version, protocol, changed_by)
       select $2, $1, $3, $4, $5, $6::jsonb, $7
       where $3::uuid is null or exists (select 1 from app_user where organisation_id = $1 and user_id = $3)
       on conflict do nothing returning 1 as done`,
      [organisationId, id, userId, role, version, JSON.stringify(protocol), changedBy],
    )
    restored += rows.length
  }
  return restored
}

/** The row, locked until the transaction ends; what is of another organisation or person is not there. */
async function lock(tx: Queryable, person: Person, id: string): Promise<Row> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from hanging_protocol where organisation_id = $1 and hanging_protocol_id::text = $2
       and (user_id is null or user_id = $3) for update`,
    [person.organisationId, id, person.userId],
  )
  if (row === undefined) throw notFound('protocol-not-found', 'There is no such hanging protocol.')
  return row
}

/** Audits, and writes the copy while the row is locked: that of an earlier version never comes last. */
async function keep(
  pacs: Storing,
  tx: Queryable,
  person: Person,
  id: string,
  change: 'created' | 'changed',
): Promise<void> {
  await audit(tx, person, id, change)
  const { user_id: userId, role, version, protocol } = await lock(tx, person, id)
  const bytes = Buffer.from(JSON.stringify({ id, userId, role, version, changedBy: person.userId, protocol }))
  const key = hangingKey(person.organisationId, id)
  await pacs.objects.put(key, Readable.from([bytes]), { size: bytes.length })
}

const audit = (tx: Queryable, person: Person, id: string, change: string): Promise<void> =>
  recordAudit(tx, person, {
    event: 'configuration-changed',
    outcome: 'success',
    detail: { change: `hanging-protocol-${change}`, subject: id },
  })

/** One's own always; for others only with the right to share, and for a role only that one has, or as administrator. */
function mayKeepFor(person: Person, owner: HangingOwner): boolean {
  if (owner.kind === 'me') return true
  if (!principalCan(person, 'hanging.share')) return false
  if (person.roles.includes('administrator')) return true
  return owner.kind === 'role' && person.roles.includes(owner.role)
}

function requireMayKeep(person: Person, owner: HangingOwner): void {
  if (!mayKeepFor(person, owner))
    throw new YunyingError('forbidden', 'sharing-not-allowed', 'You may not change this for other people.')
}

const ownerOf = ({ user_id: userId, role }: Row): HangingOwner => {
  if (userId !== null) return { kind: 'me' }
  const known = ROLES.find((one) => one === role)
  return known === undefined ? { kind: 'everyone' } : { kind: 'role', role: known }
}

const columnsOf = (person: Person, owner: HangingOwner): { userId: string | null; role: string | null } => ({
  userId: owner.kind === 'me' ? person.userId : null,
  role: owner.kind === 'role' ? owner.role : null,
})

function personOf(principal: Principal): Person {
  if (principal.kind === 'user') return principal
  throw new YunyingError('forbidden', 'not-a-person', 'Only a person has hanging protocols.')
}
