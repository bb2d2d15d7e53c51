import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Whose rows the database shows to what runs now: the second wall, below the scope of every query (decision 0024). The
 * database adapter reads it for each statement. An organisation's id, `*` for the archive itself, or nothing.
 */
export const EVERY_ORGANISATION = '*'
export const NO_ORGANISATION = ''

interface Surroundings {
  organisation: string
}

/** Follows what was begun within it, over every wait. */
const surroundings = new AsyncLocalStorage<Surroundings>()

/** What the database adapter tells the database; `NO_ORGANISATION` where nobody said anything. */
export const visibleOrganisation = (): string => surroundings.getStore()?.organisation ?? NO_ORGANISATION

/** Whether somebody said whose rows are shown, nobody's included. */
export const isWalled = (): boolean => surroundings.getStore() !== undefined

/** Whatever the work asks, the database shows it this organisation's rows and no other's. */
export function withinOrganisation<T>(organisationId: string, work: () => T): T {
  // An id is a UUID; anything else could be `*`.
  if (!UUID.test(organisationId)) throw new Error('an organisation is named by its id')
  return surroundings.run({ organisation: organisationId.toLowerCase() }, work)
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The work is the archive's own, for all organisations: workers, the command line, who signs in, what is written for
 * several requests at once. Each use is on the list of decision 0024.
 */
export function asArchive<T>(work: () => T): T {
  return surroundings.run({ organisation: EVERY_ORGANISATION }, work)
}

/** A request that has just come in: nothing is shown until `admitRequest` says whose it is, to the last byte of the answer. */
export function answerRequest<T>(work: () => T): T {
  return surroundings.run({ organisation: NO_ORGANISATION }, work)
}

/** From here on the request sees the rows of its principal's organisation. */
export function admitRequest(organisationId: string): void {
  const request = surroundings.getStore()
  if (request?.organisation !== NO_ORGANISATION) throw new Error('only a request is admitted, and once')
  if (!UUID.test(organisationId)) throw new Error('an organisation is named by its id')
  request.organisation = organisationId.toLowerCase()
}
