import type { SqlValue } from './database.ts'

/**
 * A part of a larger statement: what it adds to its WITH clause. Parts do not see what the others write (PostgreSQL,
 * 7.8.4); foreign keys between them hold all the same, because they are looked at when the statement ends.
 */
export interface StatementPart {
  /** `name as (…), name as (…)`; its parameters are numbered from `first`. Always the same text for the same `first`. */
  readonly ctes: (first: number) => string
  readonly params: readonly SqlValue[]
  /** A subquery that does nothing unless it is read: its name. */
  readonly read?: string
}

/** One statement of all parts: one round trip, one message, and all of it or nothing. */
export function together(parts: readonly StatementPart[]): { text: string; params: SqlValue[] } {
  const params: SqlValue[] = []
  const ctes = parts.map((part) => {
    const first = params.length + 1
    params.push(...part.params)
    return part.ctes(first)
  })
  const reads = parts.flatMap(({ read }) => (read === undefined ? [] : [`(select count(*) from ${read})`]))
  return { text: `with ${ctes.join(', ')} select ${['1 as done', ...reads].join(', ')}`, params }
}
