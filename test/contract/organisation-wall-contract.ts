import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRequest, asArchive, withinOrganisation } from '../../core/access/organisation-wall.ts'
import type { Database, Queryable } from '../../core/ports/database.ts'
import { migrate } from '../../storage-config/database/migrate.ts'
import { readTables, insertRow, type MadeRows, type Table } from '../support/made-rows.ts'

/** Tables that hold no organisation's rows, and why. */
const WITHOUT_WALL: Readonly<Record<string, string>> = {
  attempt: 'counts of tries, by the hash of who tries',
  ceremony: 'what a sign-in that is under way has to bring back, by the hash of a secret',
  schema_migration: 'names of migrations',
}

interface WalledDatabase {
  readonly database: Database
  readonly superuser: Database
  close(): Promise<void>
}

/** What the wall between organisations promises of every table there is. */
export function organisationWallContract(open: () => Promise<WalledDatabase>): void {
  describe('the wall between organisations', () => {
    let database: Database
    let superuser: Database
    let close: () => Promise<void>
    let tables: Table[]
    const ours: MadeRows = new Map()
    const theirs: MadeRows = new Map()
    const [a, b] = [randomUUID(), randomUUID()]

    beforeAll(async () => {
      ;({ database, superuser, close } = await open())
      await migrate(database)
      tables = (await readTables(superuser)).filter(({ name }) => !(name in WITHOUT_WALL))
      for (const [organisationId, made] of [[a, ours] as const, [b, theirs] as const])
        for (const table of tables) await insertRow(superuser, table, organisationId, made)
    })
    afterAll(() => close())

    const count = (asked: Queryable, table: Table): Promise<number> =>
      asked
        .query<{ n: number }>(`select count(*) as n from ${table.name}`)
        .then(([row]) => row?.n ?? Number.NaN)

    it('is forced on every table, those apart that hold nobody’s rows', async () => {
      const open = await superuser.query<{ name: string }>(
        `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
           and not (c.relrowsecurity and c.relforcerowsecurity)
           and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1`,
      )
      expect(open.map(({ name }) => name)).toEqual(Object.keys(WITHOUT_WALL))
    })

    it('is told of when searches cannot use their indexes under it, and of nothing else', async () => {
      const say = async (leaks: string): Promise<void> =>
        void (await superuser.query(
          `do $$ declare f text; begin
             for f in select oid::regprocedure::text from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname in
               ('textlike', 'texticlike', 'textregexeq', 'arrayoverlap', 'array_eq', 'array_lt', 'array_le', 'array_gt', 'array_ge',
                'jsonb_exists', 'jsonb_contains', 'jsonb_object_field')
             loop execute format('alter function %s ${leaks} leakproof', f); end loop; end $$`,
        ))
      await say('not')
      expect(await answerRequest(() => database.warnings())).toEqual([
        expect.stringMatching(/a superuser of the database must say once/),
      ])
      await say('')
      expect(await answerRequest(() => database.warnings())).toEqual([])
    })

    it('binds the archive, which is neither a superuser nor above policies', async () => {
      const [role] = await database.query<{ above: boolean }>(
        'select rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
      )
      expect(role).toEqual({ above: false })
    })

    it('shows an organisation its own rows of every table, nobody none, and the archive all', async () => {
      expect(tables.length).toBeGreaterThan(15)
      for (const table of tables) {
        const all = await count(superuser, table)
        const seen = {
          table: table.name,
          ours: await withinOrganisation(a, () => count(database, table)),
          theirs: await withinOrganisation(b, () => count(database, table)),
          nobodys: await answerRequest(() => count(database, table)),
          everybodys: await asArchive(() => count(database, table)),
        }
        expect(seen).toEqual({
          table: table.name,
          ours: all / 2,
          theirs: all / 2,
          nobodys: 0,
          everybodys: all,
        })
        expect(all).toBeGreaterThan(0)
        const rows = await withinOrganisation(a, () =>
          database.query<{ row: string }>(`select row_to_json(t)::text as row from ${table.name} t`),
        )
        for (const id of [b, ...theirs.values()])
          expect([table.name, rows.filter(({ row }) => row.includes(id))]).toEqual([table.name, []])
      }
    })

    it('lets nobody change or remove what is not theirs', async () => {
      for (const { name, columns } of tables) {
        if (name === 'audit_event' || name === 'audit_link') continue // append-only for everybody: another test
        const column = columns.find(({ generated }) => !generated)?.name ?? ''
        await withinOrganisation(a, () =>
          database
            .transaction(async (tx) => {
              const own = await count(tx, { name, columns, parents: [] })
              const changed = await tx.query(`update ${name} set ${column} = ${column} returning 1`)
              expect([name, changed.length]).toEqual([name, own])
              throw new Error('undone')
            })
            .catch((error: Error) => expect(error.message).toBe('undone')),
        )
      }
      for (const table of ['session', 'mark_draft', 'work_item', 'study_tally']) {
        await withinOrganisation(a, () => database.query(`delete from ${table}`))
        await expect(withinOrganisation(b, () => count(database, tableOf(table)))).resolves.toBeGreaterThan(0)
        await insertRow(superuser, tableOf(table), a, ours)
      }
    })

    it('lets nobody write for another organisation; an event alone may be recorded for any', async () => {
      const tally = (organisationId: string) =>
        database.query(`insert into study_tally values ($1, '202601', '{CT}', 0)`, [organisationId])
      await withinOrganisation(a, () => tally(a))
      await expect(withinOrganisation(a, () => tally(b))).rejects.toMatchObject({ code: '42501' })
      await expect(answerRequest(() => tally(a))).rejects.toMatchObject({ code: '42501' })
      const stolen = withinOrganisation(a, () =>
        database.query('update study set organisation_id = $1 where organisation_id = $2', [b, a]),
      )
      await expect(stolen).rejects.toMatchObject({ code: '42501' })
      const before = await withinOrganisation(b, () => count(database, tableOf('audit_event')))
      await withinOrganisation(a, () =>
        database.query(
          `insert into audit_event (organisation_id, event, outcome) values ($1, 'query', 'success')`,
          [b],
        ),
      )
      expect(await withinOrganisation(b, () => count(database, tableOf('audit_event')))).toBe(before + 1)
      for (const change of ['update audit_event set event = event', 'delete from audit_event'])
        await expect(withinOrganisation(a, () => database.query(change))).rejects.toThrow('append-only')
    })

    it('follows what runs, through transactions, faults, and connections that others used before', async () => {
      const names = new Map([
        ['', ''],
        ['*', 'ours,theirs'],
        [a, 'ours'],
        [b, 'theirs'],
      ])
      await superuser.query(
        'update organisation set name = case organisation_id when $1 then $3 when $2 then $4 end',
        [a, b, 'ours', 'theirs'],
      )
      const as = <T>(who: string, work: () => Promise<T>): Promise<T> =>
        who === '' ? answerRequest(work) : who === '*' ? asArchive(work) : withinOrganisation(who, work)
      const look = async (asked: Queryable, who: string): Promise<void> => {
        const [row] = await asked.query<{ seen: string | null }>(
          `select coalesce(string_agg(name, ',' order by name), '') as seen from organisation`,
        )
        expect(row?.seen).toBe(names.get(who))
      }
      const who = fc.constantFrom('', '*', a, b)
      const step = fc.record({
        who,
        kind: fc.constantFrom('query', 'commit', 'fault', 'refusal'),
        inner: who,
      })
      const run = ({ who, kind, inner }: { who: string; kind: string; inner: string }): Promise<void> =>
        as(who, async () => {
          if (kind === 'query') return look(database, who)
          const transaction = database.transaction(async (tx) => {
            await look(tx, who)
            // Within a transaction too, and back again.
            await Promise.all([as(inner, () => look(tx, inner)), look(tx, who)])
            if (kind === 'refusal') await tx.query('select 1/0')
            if (kind === 'fault') throw new Error('no')
          })
          await (kind === 'commit' ? transaction : expect(transaction).rejects.toThrow())
          await look(database, who)
        })
      // Many more at once than there are connections.
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
          await Promise.all(steps.map(run))
        }),
        { numRuns: 25 },
      )
    })

    const tableOf = (name: string): Table => {
      const table = tables.find((each) => each.name === name)
      if (table === undefined) throw new Error(`there is no table ${name}`)
      return table
    }
  })
}
