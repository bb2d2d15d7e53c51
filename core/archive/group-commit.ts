import { isYunyingError } from '../errors.ts'

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers what is submitted while a write is under way and writes it together next: one durable commit for many.
 * Writes one batch at a time, in order of submission. A batch that fails is written in halves, down to the one item
 * that cannot be written, so that a bad sibling never spoils the others; only when the far side does not answer
 * (kind 'unavailable') does the whole batch fail at once.
 */
export function createGroupCommit<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  largestBatch: number,
): (item: Item) => Promise<Outcome> {
  const waiting: Waiting<Item, Outcome>[] = []
  let writing = false

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      await settle(write, waiting.splice(0, largestBatch))
    }
    writing = false
  }

  return (item) =>
    new Promise<Outcome>((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (writing) return
      writing = true
      // What else is submitted in this turn of the event loop joins the first batch.
      setImmediate(() => void drain())
    })
}

async function settle<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  batch: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  let outcomes: readonly Outcome[]
  try {
    outcomes = await write(batch.map((one) => one.item))
    if (outcomes.length !== batch.length) throw new Error('a batch was answered in part')
  } catch (error) {
    if (batch.length > 1 && !(isYunyingError(error) && error.kind === 'unavailable')) {
      const half = batch.length >> 1
      await settle(write, batch.slice(0, half))
      await settle(write, batch.slice(half))
      return
    }
    for (const one of batch) one.reject(error)
    return
  }
  batch.forEach((one, index) => one.resolve(outcomes[index] as Outcome))
}
