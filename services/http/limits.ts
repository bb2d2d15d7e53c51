import type { StoreAnswer } from '../../core/archive/store-instance.ts'
import type { Pacs } from '../../core/pacs.ts'
import { createAllowance, type Allowance, type Spender } from './allowance.ts'

/** What somebody may do so much of: enough for a person who types and a modality that sends, too little for a loop that forgot to end. */
export interface Limits {
  readonly searches: Allowance
  readonly uploads: Allowance
}

export function createLimits(pacs: Pick<Pacs, 'database' | 'clock' | 'config'>): Limits {
  const { searchLimit, uploadLimit } = pacs.config
  return {
    searches: createAllowance(pacs, { of: 'searches', perSecond: searchLimit }),
    uploads: createAllowance(pacs, { of: 'uploads', perSecond: uploadLimit }),
  }
}

const ANSWERS_FOR_ONE = 5

/** A search costs 1 before it is made, and 1 more for every five answers. */
export function chargeSearch({ searches }: Limits, spender: Spender, answers: number): void {
  searches.charge(spender, answers / ANSWERS_FOR_ONE)
}

/** What the archive is for costs little; what it has already costs more, and what only makes work costs most. */
const COST = { stored: 1, duplicate: 2, conflict: 20, rejected: 20 } as const satisfies Record<
  StoreAnswer['kind'],
  number
>

/** Stores an instance, and charges for what came of it. */
export async function chargeStore(
  { uploads }: Limits,
  spender: Spender,
  store: Promise<StoreAnswer>,
): Promise<StoreAnswer> {
  const answer = await store
  uploads.charge(spender, COST[answer.kind])
  return answer
}
