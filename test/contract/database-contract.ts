import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASE_FULL, UniqueViolation, type Database } from '../../core/ports/database.ts'
import { migrate } from '../../storage-config/database/migrate.ts'
import { until } from './job-queue-contract.ts'

export interface ContractDatabase {
  readonly database: Database
  /** The same database for whom there is no wall. */
  readonly superuser: Database
  close(): Promise<void>
}

/** What every database promises. `open` gives an empty or a migrated one. */
export function databaseContract(open: () => Promise<ContractDatabase>): void {
  describe('the contract of a database', () => {
    let opened: ContractDatabase
    let database: Database
    beforeAll(async () => {
      opened = await open()
      database = opened.database
    })
    afterAll(() => opened.close())

    it('migrates once, however many ask at the same time', async () => {
      await Promise.all([migrate(database), migrate(database), migrate(database)])
      expect(await database.query('select name from schema_migration order by name')).toMatchObject([
        { name: '0001-archive' },
        { name: '0002-hanging' },
        { name: '0003-segments' },
        { name: '0004-reading-settings' },
        { name: '0005-access' },
        { name: '0006-people' },
        { name: '0007-organisations' },
        { name: '0008-patients' },
        { name: '0009-audit-forwarding' },
        { name: '0010-retention' },
        { name: '0011-wished-renditions' },
        { name: '0012-statistics-of-names' },
        { name: '0013-letters' },
        { name: '0014-joined-names' },
      ])
    })

    it('gives values as the port says', async () => {
      const [row] = await database.query<Record<string, unknown>>(
        `select 5::bigint as n, '{"a":[1]}'::jsonb as j, $1::bytea as b, $2::text[] as t, $3::timestamptz as at, null as nothing,
           count(*) as counted, sum(1::bigint) as summed`,
        [Uint8Array.of(1, 2), ['x', 'y,"z'], new Date('2026-01-02T03:04:05Z')],
      )
      expect(row).toEqual({
        n: 5,
        j: { a: [1] },
        b: Buffer.of(1, 2),
        t: ['x', 'y,"z'],
        at: new Date('2026-01-02T03:04:05Z'),
        nothing: null,
        counted: 1,
        summed: 1,
      })
    })

    it('finds a prepared statement again by its name', async () => {
      for (const n of [1, 2, 3]) {
        expect(await database.query('select $1::integer as n', [n], { name: 'contract-prepared' })).toEqual([
          { n },
        ])
      }
    })

    it('carries out in order what is asked for at the same time', async () => {
      await database.query('create table if not exists step (n integer)')
      const rows = await database.transaction(async (tx) => {
        const answers = await Promise.all([
          tx.query('insert into step values (1)'),
          tx.query('update step set n = n + 1'),
          tx.query<{ n: number }>('select n from step'),
        ])
        return answers[2]
      })
      expect(rows).toEqual([{ n: 2 }])
      const spoilt = database.transaction((tx) =>
        Promise.allSettled([tx.query('select 1/0'), tx.query('insert into step values (9)')]),
      )
      await expect(spoilt).rejects.toThrow('ROLLBACK')
      expect(await database.query('select n from step')).toEqual([{ n: 2 }])
    })

    it('commits what resolves, and rolls back what rejects', async () => {
      await database.query('create table if not exists fact (n integer primary key)')
      expect(
        await database.transaction(async (tx) => {
          await tx.query('insert into fact values (1)')
          return 'kept'
        }),
      ).toBe('kept')
      const fault = new Error('no')
      const rejected = database.transaction(async (tx) => {
        await tx.query('insert into fact values (2)')
        throw fault
      })
      await expect(rejected).rejects.toBe(fault)
      expect(await database.query('select n from fact')).toEqual([{ n: 1 }])
    })

    it('tells a unique violation by its constraint, and stays of use', async () => {
      const again = database.query('insert into fact values (1)')
      await expect(again).rejects.toBeInstanceOf(UniqueViolation)
      await expect(again).rejects.toMatchObject({ constraint: 'fact_pkey' })
      const within = database.transaction((tx) => tx.query('insert into fact values (1)'))
      await expect(within).rejects.toBeInstanceOf(UniqueViolation)
      expect(await database.query('select 1 as n')).toEqual([{ n: 1 }])
    })

    it('says that there is no room for it, and stays of use', async () => {
      const refused = database.query("do $$ begin raise exception using errcode = 'disk_full'; end $$")
      await expect(refused).rejects.toMatchObject({ kind: 'unavailable', code: DATABASE_FULL })
      await database.check()
    })

    it('hears what another connection notifies, until told to stop', async () => {
      const heard: string[] = []
      const stop = await database.listen('contract', (payload) => heard.push(payload))
      await database.query(`select pg_notify('contract', 'one')`)
      await until(() => heard.length === 1)
      await stop()
      await database.query(`select pg_notify('contract', 'two')`)
      await sleep(50)
      expect(heard).toEqual(['one'])
    })

    const listening = async (): Promise<number> => {
      const [row] = await opened.superuser.query<{ count: number }>(
        `select count(*) from pg_stat_activity where application_name = 'yunying-listen' and datname = current_database()`,
      )
      return row?.count ?? 0
    }

    it('listens to all channels over one connection, which goes with the last listener', async () => {
      const heard: string[] = []
      const stops = await Promise.all(
        ['one', 'two', 'two'].map((channel, index) =>
          database.listen(channel, (payload) => heard.push(`${index} on ${channel}: ${payload}`)),
        ),
      )
      expect(await listening()).toBe(1)
      await database.query(`select pg_notify('one', 'a')`)
      await database.query(`select pg_notify('two', 'b')`)
      await until(() => heard.length === 3)
      expect(heard).toEqual(['0 on one: a', '1 on two: b', '2 on two: b'])
      await stops[0]?.()
      await stops[1]?.()
      await database.query(`select pg_notify('one', 'c')`)
      await database.query(`select pg_notify('two', 'd')`)
      await until(() => heard.length === 4)
      expect(heard[3]).toBe('2 on two: d')
      await stops[2]?.()
      await until(async () => (await listening()) === 0)
    })

    it('tells every listener of the gap when that connection broke, and hears again', async () => {
      const told: string[] = []
      const stops = await Promise.all(
        ['one', 'two'].map((channel) =>
          database.listen(
            channel,
            (payload) => told.push(payload),
            () => told.push(`gap on ${channel}`),
          ),
        ),
      )
      await opened.superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'yunying-listen' and datname = current_database()`,
      )
      await until(() => told.length === 2)
      expect(told).toEqual(['gap on one', 'gap on two'])
      await database.query(`select pg_notify('one', 'a')`)
      await database.query(`select pg_notify('two', 'b')`)
      await until(() => told.length === 4)
      expect(told.slice(2)).toEqual(['a', 'b'])
      await Promise.all(stops.map((stop) => stop()))
      // Stopped for good, it listens anew.
      const stop = await database.listen('one', (payload) => told.push(payload))
      await database.query(`select pg_notify('one', 'c')`)
      await until(() => told.includes('c'))
      await stop()
    })

    it('gives a lock to one at a time, and again after it', async () => {
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => (release = resolve))
      let begin: () => void = () => undefined
      const begun = new Promise<void>((resolve) => (begin = resolve))
      const first = database.withLock('contract', () => {
        begin()
        return held.then(() => 'first')
      })
      await begun
      expect(await database.withLock('contract', async () => 'second')).toBeUndefined()
      expect(await database.withLock('another', async () => 'third')).toBe('third')
      release()
      expect(await first).toBe('first')
      expect(await database.withLock('contract', async () => 'fourth')).toBe('fourth')
    })

    it('waits for an answer as long as it is told to', async () => {
      await expect(database.query('select pg_sleep(20)', [], { timeoutMs: 20 })).rejects.toMatchObject({
        code: 'database-unavailable',
      })
      await database.check()
    })

    it('answers', () => database.check())
  })
}
