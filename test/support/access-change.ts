import { randomUUID } from 'node:crypto'
import type { TestApp } from './test-app.ts'

/**
 * Says that rights have changed, and resolves once the service has heard of it: its own listener was there before this
 * one, and is told first.
 */
export async function tellAccessChanged({ pacs: { database } }: TestApp): Promise<void> {
  const own = randomUUID()
  let heard: () => void = () => undefined
  const told = new Promise<void>((resolve) => (heard = resolve))
  const stop = await database.listen('access_changed', (payload) => {
    if (payload === own) heard()
  })
  await database.query(`select pg_notify('access_changed', $1)`, [own])
  await told
  await stop()
}
