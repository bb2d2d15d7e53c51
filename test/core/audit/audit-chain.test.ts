import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordAudit } from '../../../core/audit/record-audit.ts'
import { sealAudit } from '../../../core/audit/seal-audit.ts'
import { verifyAudit } from '../../../core/audit/verify-audit.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
let organisationId: string
/** Numbers of the events of the chain, in order. */
let ids: number[]

beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const record = (organisation: string, count: number): Promise<void> =>
  recordAudit(
    app.pacs.database,
    { kind: 'system', organisationId: organisation, reason: 'test' },
    { event: 'query', outcome: 'success', detail: { count } },
  )

/** What somebody with the database in their hands can do: the triggers are off for them. */
async function tamper(statement: string, params: readonly (number | string)[] = []): Promise<void> {
  await app.superuser.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(statement, params)
  })
}

beforeEach(async () => {
  organisationId = randomUUID()
  const other = randomUUID()
  for (let count = 1; count <= 6; count++) {
    await record(organisationId, count)
    await record(other, count)
    if (count === 3) await sealAudit(app.pacs)
  }
  expect(await verifyAudit(app.pacs, organisationId)).toMatchObject({ links: 3, waiting: 3 })
  await sealAudit(app.pacs)
  const rows = await app.pacs.database.query<{ audit_event_id: number }>(
    'select audit_event_id from audit_link where organisation_id = $1 order by seq',
    [organisationId],
  )
  ids = rows.map((row) => row.audit_event_id)
})

const id = (seq: number): number => ids[seq - 1] ?? 0
const verified = () => verifyAudit(app.pacs, organisationId)

describe('the chain of an organisation', () => {
  it('holds, with its head in the object store once a day', async () => {
    expect(await verified()).toEqual({ organisationId, links: 6, heads: 1, waiting: 0 })
    expect(await sealAudit(app.pacs)).toBe(0)
  })

  it('links every event once, whoever records at the same time', async () => {
    const sealing = async () => {
      for (let pass = 0; pass < 10; pass++) await sealAudit(app.pacs)
    }
    await Promise.all([
      sealing(),
      ...Array.from({ length: 8 }, async () => {
        for (let count = 0; count < 25; count++) await record(organisationId, count)
      }),
    ])
    await sealAudit(app.pacs)
    expect(await verified()).toEqual({ organisationId, links: 206, heads: 1, waiting: 0 })
  })

  it('shows an edited event', async () => {
    await tamper(`update audit_event set outcome = 'denied' where audit_event_id = $1`, [id(4)])
    expect(await verified()).toMatchObject({
      links: 3,
      fault: { kind: 'edited', seq: 4, auditEventId: id(4) },
    })
  })

  it('shows a deleted event, with its link or without', async () => {
    await tamper('delete from audit_event where audit_event_id = $1', [id(5)])
    expect(await verified()).toMatchObject({ links: 4, fault: { kind: 'deleted', seq: 5 } })
    await tamper('delete from audit_link where audit_event_id = $1', [id(5)])
    expect(await verified()).toMatchObject({ links: 4, fault: { kind: 'deleted', seq: 5 } })
  })

  it('shows that the last events are gone', async () => {
    for (const table of ['audit_event', 'audit_link'])
      await tamper(`delete from ${table} where audit_event_id = any(array[$1, $2]::bigint[])`, [id(5), id(6)])
    expect(await verified()).toMatchObject({ links: 4, fault: { kind: 'deleted', seq: 5 } })
  })

  it('shows an inserted event', async () => {
    await tamper(
      `insert into audit_event (audit_event_id, organisation_id, event, outcome) overriding system value
       values (-$1::bigint, $2, 'query', 'success')`,
      [id(2), organisationId],
    )
    expect(await verified()).toMatchObject({ links: 0, fault: { kind: 'inserted', auditEventId: -id(2) } })
  })

  it('shows events whose order was changed', async () => {
    await tamper('update audit_link set audit_event_id = -audit_event_id where audit_event_id = $1', [id(2)])
    await tamper('update audit_link set audit_event_id = $1 where audit_event_id = $2', [id(2), id(3)])
    await tamper('update audit_link set audit_event_id = $1 where audit_event_id = $2', [id(3), -id(2)])
    const { fault } = await verified()
    expect(fault).toMatchObject({ kind: 'edited', seq: 2 })
    await tamper(
      `update audit_link l set hash = o.hash from audit_link o where l.audit_event_id = $1 and o.audit_event_id = $2`,
      [id(4), id(5)],
    )
    expect((await verified()).fault).toMatchObject({ seq: 2 })
  })

  it('shows a chain that was computed anew after its head was written', async () => {
    await tamper(`update audit_event set outcome = 'denied' where audit_event_id = $1`, [id(1)])
    await tamper('delete from audit_link')
    await tamper('delete from audit_head')
    await sealAudit(app.pacs)
    expect((await verified()).fault).toMatchObject({ kind: 'rewritten', seq: 3 })
  })

  it('is closed to changes by the service itself', async () => {
    for (const table of ['audit_event', 'audit_link']) {
      await expect(app.pacs.database.query(`delete from ${table}`)).rejects.toThrow('append-only')
      await expect(
        app.pacs.database.query(`update ${table} set organisation_id = organisation_id`),
      ).rejects.toThrow('append-only')
    }
  })
})
