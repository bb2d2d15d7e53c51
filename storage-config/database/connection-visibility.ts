import type pg from 'pg'
import { NO_ORGANISATION } from '../../core/access/organisation-wall.ts'

/** Whose rows each connection of a pool was last told to show (the setting that the policies of migration 0007 read). */
export interface Visibility {
  /**
   * Tells the connection, when it shows something else: sent ahead of the statement, which travels with it, so it costs no
   * round trip. Undefined when there is nothing to tell.
   */
  show(client: pg.PoolClient, organisation: string): Promise<unknown> | undefined
  /** What it shows is not known any more: a transaction that is undone undoes what it was told within. */
  forget(client: pg.PoolClient): void
}

const UNKNOWN = Symbol('unknown')

export function createVisibility(): Visibility {
  const shown = new WeakMap<pg.PoolClient, string | typeof UNKNOWN>()
  return {
    show(client, organisation) {
      if ((shown.get(client) ?? NO_ORGANISATION) === organisation) return undefined
      shown.set(client, organisation)
      return client
        .query({
          name: 'show-organisation',
          text: `select set_config('yunying.organisation', $1, false)`,
          values: [organisation],
        })
        .catch((error: unknown) => {
          shown.set(client, UNKNOWN)
          throw error
        })
    },
    forget: (client) => void shown.set(client, UNKNOWN),
  }
}
