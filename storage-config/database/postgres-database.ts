import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { visibleOrganisation } from '../../core/access/organisation-wall.ts'
import { unavailable } from '../../core/errors.ts'
import {
  DATABASE_FULL,
  DATABASE_UNREACHABLE,
  UniqueViolation,
  type Database,
  type Queryable,
  type QueryOptions,
  type SqlValue,
} from '../../core/ports/database.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { createVisibility, type Visibility } from './connection-visibility.ts'
import { NOT_LEAKPROOF, SLOW_SEARCHES } from './searching-functions.ts'
import { createSharedListening } from './shared-listening.ts'

/** Also how long a caller waits for a free connection. */
const CONNECT_MS = 5_000
const CLOSE_MS = 3_000
/** A statement that takes longer than this asked a server that hangs. */
const QUERY_MS = 60_000
const POOL_SIZE = 12
/** What the server knows for one connection (tables, plans) only grows while it lasts. */
const LIFETIME_SECONDS = 600

const INT8_OID = 20
const NUMERIC_OID = 1700

export interface PoolOptions {
  /** Who the connections work as, where that is not who logs in. */
  readonly role?: string | undefined
  /** A connection is closed and made anew after so long, once it is idle. */
  readonly lifetimeSeconds?: number
}

/**
 * A PostgreSQL server behind the `Database` port. The pool mends itself: a lost connection fails its query, not the process.
 * Each statement sees the rows that `visibleOrganisation` says.
 */
export function openPostgres(
  address: pg.ClientConfig,
  log: Logger,
  { role, lifetimeSeconds = LIFETIME_SECONDS }: PoolOptions = {},
): Database {
  const types = new pg.TypeOverrides()
  types.setTypeParser(INT8_OID, Number)
  types.setTypeParser(NUMERIC_OID, Number)
  const settings: pg.PoolConfig = {
    ...address,
    types,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: lifetimeSeconds,
    query_timeout: QUERY_MS,
    application_name: 'yunying',
    keepAlive: true,
    // Statements that do not wait for each other travel together: one round trip for many.
    pipeline: true,
    ...(role === undefined
      ? {}
      : { onConnect: (client) => client.query(`set role ${pg.escapeIdentifier(role)}`) }),
  }
  const pool = new pg.Pool(settings)
  const visibility = createVisibility()
  const listen = createSharedListening({ ...address, application_name: 'yunying-listen' }, log)
  // An idle connection that breaks is replaced by the pool; without a listener Node would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))

  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    let client: pg.PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      throw asUnreachable(error)
    }
    // A connection that breaks while it is out of the pool fails its query; this listener only keeps the process alive.
    const onError = (error: Error): void => log.warn({ err: error }, 'a database connection broke in use')
    client.on('error', onError)
    let broken: Error | undefined
    try {
      return await work(client)
    } catch (error) {
      if (isConnectionFault(error)) broken = error as Error
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  return {
    query: (text, params, options) =>
      withClient((client) => queryableOf(client, visibility).query(text, params, options)),
    transaction: (work) =>
      withClient(async (client) => {
        const tx = queryableOf(client, visibility)
        const begun = tx.query('begin')
        // Heard below: what comes after it fails for the same reason.
        begun.catch(() => undefined)
        let result: Awaited<ReturnType<typeof work>>
        try {
          result = await work(tx)
          await begun
        } catch (error) {
          // What was not committed is undone with its connection.
          if (isConnectionFault(error)) throw unreachable(error)
          await client.query('rollback').catch((fault: unknown) => {
            log.warn({ err: error }, 'a transaction could not be rolled back')
            throw translate(fault)
          })
          visibility.forget(client)
          throw error
        }
        try {
          await commit(client)
        } catch (error) {
          visibility.forget(client)
          throw error
        }
        return result
      }),
    listen,
    withLock: (lockName, work) =>
      withClient(async (client) => {
        const connection = queryableOf(client, visibility)
        const [row] = await connection.query<{ got: boolean }>(
          'select pg_try_advisory_lock(hashtext($1)) as got',
          [lockName],
        )
        if (row?.got !== true) return undefined
        try {
          return await work()
        } finally {
          // The lock goes with its connection in any case.
          await connection.query('select pg_advisory_unlock(hashtext($1))', [lockName])
        }
      }),
    check: () => withClient(async (client) => void (await queryableOf(client, visibility).query('select 1'))),
    warnings: () =>
      withClient(async (client) => {
        const slow = await queryableOf(client, visibility).query(`select 1 ${NOT_LEAKPROOF} limit 1`)
        return slow.length > 0 ? [SLOW_SEARCHES] : []
      }),
    // A statement that hangs must not keep the process.
    close: () => Promise.race([pool.end(), sleep(CLOSE_MS, undefined, { ref: false })]),
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  try {
    const { command } = await client.query('commit')
    // The server's answer when a statement failed that nobody waited for.
    if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`)
  } catch (error) {
    throw translate(error)
  }
}

function queryableOf(client: pg.PoolClient, visibility: Visibility): Queryable {
  const gather = gathersWrites(client)
  return {
    async query<Row>(
      text: string,
      params?: readonly SqlValue[],
      { timeoutMs, ...options }: QueryOptions = {},
    ): Promise<Row[]> {
      gather()
      try {
        const shown = visibility.show(client, visibleOrganisation())
        const statement = { text, values: [...(params ?? [])], query_timeout: timeoutMs, ...options }
        const answer = client.query(statement)
        // Rows that were read while the connection showed something else are not handed on.
        const result = shown === undefined ? await answer : (await Promise.all([answer, shown]))[0]
        return result.rows as Row[]
      } catch (error) {
        throw translate(error)
      }
    },
  }
}

/** What is asked for in one turn of the event loop is sent with one system call. */
function gathersWrites(client: pg.PoolClient): () => void {
  const { stream } = client.connection
  let gathering = false
  return () => {
    if (gathering) return
    gathering = true
    stream.cork()
    queueMicrotask(() => {
      gathering = false
      stream.uncork()
    })
  }
}

const UNIQUE_VIOLATION = '23505'
export const DISK_FULL = '53100'
/** Connection exceptions, shut-down, starting up, too many connections, a server that became a standby (PostgreSQL, Appendix A); and what sockets say. */
const DOWN = /^(08|57P|53300|25006|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)/
const DOWN_TEXT =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|connection error|not queryable/i

function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return DOWN.test(code) || DOWN_TEXT.test(error.message)
}

function isConnectionFault(error: unknown): boolean {
  return isDown(error) || (error instanceof Error && isDown(error.cause))
}

/** The statement was refused; the server lives on. */
export const databaseFull = (error: unknown): Error =>
  unavailable(DATABASE_FULL, 'The disk of the database is full. Tell the operator: room must be made.', error)

/** A connection that was not made: nothing was asked. What is no fault of the connection stays as it is. */
export const asUnreachable = (error: unknown): unknown => (isDown(error) ? unreachable(error) : error)

/** It never came to a commit: what was asked for has certainly not happened. */
const unreachable = (error: unknown): Error =>
  unavailable(DATABASE_UNREACHABLE, 'The database cannot be reached. Try again in a moment.', error)

function translate(error: unknown): unknown {
  if (isDown(error)) {
    return unavailable('database-unavailable', 'The database does not answer. Try again in a moment.', error)
  }
  if (!(error instanceof pg.DatabaseError)) return error
  if (error.code === UNIQUE_VIOLATION) return new UniqueViolation(error.constraint ?? '', error)
  return error.code === DISK_FULL ? databaseFull(error) : error
}
