import type { Database, SqlValue } from '../../core/ports/database.ts'
import { spreadOf } from '../figures.ts'
import type { Question } from './questions.ts'

export interface MeasuredQuestion {
  /** Of the whole function: the database and what Node makes of its rows. Milliseconds, median. */
  readonly ms: number
  /** Pages of 8 KiB that the statements touched, from memory or disk: free of the machine's noise. */
  readonly pages: number
}

const WARM_UP = 2
const MOST_TURNS = 25
const ENOUGH_MS = 600

/** Asks again and again for a moment, then has the database say what one asking touches. */
export async function measureQuestion(
  database: Database,
  question: Question,
  studies: number,
): Promise<MeasuredQuestion> {
  const times: number[] = []
  const began = performance.now()
  for (let turn = 0; turn < MOST_TURNS && performance.now() - began < ENOUGH_MS; turn++) {
    const asked = performance.now()
    await question.ask(database, studies, turn)
    if (turn >= WARM_UP || performance.now() - began > ENOUGH_MS) times.push(performance.now() - asked)
  }
  let pages = 0
  for (const { statement, params } of await statementsOf(database, question, studies))
    pages += touched(await explain(database, statement, params))
  return { ms: spreadOf(times).median, pages }
}

interface Statement {
  readonly statement: string
  readonly params: readonly SqlValue[]
}

/** What one asking sends to the database. */
export async function statementsOf(
  database: Database,
  question: Question,
  studies: number,
): Promise<Statement[]> {
  const sent: Statement[] = []
  const recording: Database = {
    ...database,
    query: (statement, params = [], options) => {
      sent.push({ statement, params })
      return database.query(statement, params, options)
    },
  }
  await question.ask(recording, studies, 1)
  return sent
}

interface PlanNode {
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
}

async function explain(
  database: Database,
  statement: string,
  params: readonly SqlValue[],
): Promise<PlanNode | undefined> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `explain (analyze, buffers, timing off, format json) ${statement}`,
    params,
  )
  return row?.['QUERY PLAN'][0]?.Plan
}

const touched = (plan: PlanNode | undefined): number =>
  plan === undefined ? 0 : plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
