import { isYunyingError } from '../../core/errors.ts'
import type { StoreAnswer } from '../../core/archive/store-instance.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Part } from './dicomweb/multipart-reader.ts'

/** Parts whose bytes are in and whose rows are being written, at most: the reading of the next one need not wait for them. */
const LARGEST_IN_FLIGHT = 8

/** What became of one part: an answer of the archive, or a fault of ours that the others do not share. */
export type PartAnswer = StoreAnswer | { readonly kind: 'failed' } | { readonly kind: 'incomplete' }

export interface StoredPart {
  readonly headers: ReadonlyMap<string, string>
  readonly answer: PartAnswer
}

/**
 * Stores the parts of a request as they stream in, in order; each one's commit runs while the next is read.
 * A part that fails by a fault of ours, or a body that breaks off, does not spoil what is stored.
 * Errors: 'unavailable' when a part of the archive does not answer; what the request throws when the client goes away;
 * 'invalid' when the body has no readable part at all.
 */
export async function storeParts(
  parts: AsyncIterable<Part>,
  store: (bytes: AsyncIterable<Uint8Array>) => Promise<StoreAnswer>,
  log: Logger,
): Promise<StoredPart[]> {
  const answers: Promise<StoredPart>[] = []
  const inFlight = new Set<Promise<unknown>>()
  const fatal: unknown[] = []

  const storePart = async (part: Part): Promise<StoredPart> => {
    try {
      return { headers: part.headers, answer: await store(part.body) }
    } catch (error) {
      if (isBrokenOff(error)) return { headers: part.headers, answer: { kind: 'incomplete' } }
      if (isYunyingError(error) || isClientGone(error)) fatal.push(error)
      else log.error({ err: error }, 'an instance could not be stored')
      return { headers: part.headers, answer: { kind: 'failed' } }
    } finally {
      part.release()
    }
  }

  try {
    for await (const part of parts) {
      const stored = storePart(part)
      answers.push(stored)
      const settled = stored.finally(() => inFlight.delete(settled))
      inFlight.add(settled)
      if (inFlight.size >= LARGEST_IN_FLIGHT) await Promise.race(inFlight)
      if (fatal.length > 0) break
    }
  } catch (error) {
    // The body is broken, or the client is gone: what was received whole is finished first.
    await Promise.all(answers)
    if (!isBrokenOff(error) || answers.length === 0) throw error
  }
  const stored = await Promise.all(answers)
  if (fatal.length > 0) throw fatal[0]
  return stored
}

const isBrokenOff = (error: unknown): boolean => isYunyingError(error) && error.code.startsWith('multipart-')

const isClientGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
