/** A value a `$n` parameter can carry. Objects are sent as jsonb text by the adapter only through `json()`. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly SqlValue[]

/** Code of the 'unavailable' error when it never came to a commit: what was asked for has certainly not happened. */
export const DATABASE_UNREACHABLE = 'database-unreachable'
/** Code of the 'unavailable' error when there is no room for it: it has not happened either. */
export const DATABASE_FULL = 'database-full'

export interface QueryOptions {
  /** Makes it a prepared statement (for hot paths; the same name always goes with the same text). */
  readonly name?: string
  /** How long its answer is waited for, ms, where that is not as long as for any other: it may have happened afterwards. */
  readonly timeoutMs?: number
}

export interface Queryable {
  /**
   * Rows of one statement with `$1` parameters. bigint columns arrive as number (they count instances and bytes below
   * 2^53), timestamptz as Date, jsonb as a value, bytea as Buffer, text[] as string[].
   *
   * Errors: YunyingError kind 'unavailable' when the server does not answer, code 'database-unavailable' (it may have
   * happened), DATABASE_UNREACHABLE or DATABASE_FULL (it has not);
   * UniqueViolation for a unique constraint; other faults are thrown as they are (they are bugs).
   */
  query<Row>(text: string, params?: readonly SqlValue[], options?: QueryOptions): Promise<Row[]>
}

/** PostgreSQL, embedded or a server. One dialect. */
export interface Database extends Queryable {
  /**
   * Commits when `work` resolves, rolls back when it rejects. Never awaits the network inside one. Statements are carried
   * out in the order of their calls, and those that do not wait for each other share a round trip.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** LISTEN: calls back with each NOTIFY payload; re-listens after a lost connection, then calls `onGap` (something may have been missed). */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onGap?: () => void,
  ): Promise<() => Promise<void>>
  /** Runs `work` if this process gets the advisory lock, else returns undefined at once. For leaders (sweeper). */
  withLock<T>(lockName: string, work: () => Promise<T>): Promise<T | undefined>
  check(): Promise<void>
  /** What works, but worse than it could, each as a sentence that says what to do. Errors: as `check`. */
  warnings(): Promise<readonly string[]>
  close(): Promise<void>
}

/** A unique constraint refused a row. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  constructor(
    readonly constraint: string,
    cause: unknown,
  ) {
    super(`unique constraint ${constraint}`, { cause })
  }
}
