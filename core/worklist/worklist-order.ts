import { scopePredicate, type AccessScope } from '../access/access-scope.ts'
import type { WorklistQuery } from '../contract/api.ts'
import type { Queryable, SqlValue } from '../ports/database.ts'

type Direction = WorklistQuery['direction']

/** A column of `study` with its type. */
type Column = readonly [name: string, type: string]

/**
 * What a click on a column's head orders by, each with an index of its own (migration 0001), which is walked forth or back.
 * Ties are broken by a column that differs for all, so that pages never overlap.
 */
interface Order {
  readonly columns: readonly Column[]
  readonly tie: Column
  /** The tie goes the other way: QIDO-RS's order by date, whose index it shares. */
  readonly isTieReversed?: boolean
}

const ID: Column = ['study_id', 'uuid']
const ORDERS: Readonly<Record<WorklistQuery['sort'], Order>> = {
  received: { columns: [['last_received_at', 'timestamptz']], tie: ID },
  studyDate: {
    columns: [
      ['study_date', 'text'],
      ['study_time', 'text'],
    ],
    tie: ['study_instance_uid', 'text'],
    isTieReversed: true,
  },
  patientName: { columns: [['name_order', 'text']], tie: ID },
  patientId: { columns: [['patient_id', 'text']], tie: ID },
  modality: { columns: [['modality_order', 'text[]']], tie: ID },
  instances: { columns: [['instance_count', 'integer']], tie: ID },
  description: { columns: [['description_order', 'text']], tie: ID },
}

const opposite = (direction: Direction): Direction => (direction === 'asc' ? 'desc' : 'asc')

/** What comes after `order by`, over the alias `st`. */
export function orderBy({ sort, direction }: Pick<WorklistQuery, 'sort' | 'direction'>): string {
  const { columns, tie, isTieReversed = false } = ORDERS[sort]
  return [
    ...columns.map(([name]) => `st.${name} ${direction}`),
    `st.${tie[0]} ${isTieReversed ? opposite(direction) : direction}`,
  ].join(', ')
}

/** Where a study is in an order: values of the columns and of the tie, as the database writes them. */
export type Place = readonly string[]

/** The place of a study in this order; undefined when it is not there or not to be seen. */
export async function findPlace(
  database: Queryable,
  scope: AccessScope,
  sort: WorklistQuery['sort'],
  studyId: string,
): Promise<Place | undefined> {
  const params: SqlValue[] = []
  const where = [scopePredicate(scope, 'st', params), `st.study_id = $${params.push(studyId)}`]
  const { columns, tie } = ORDERS[sort]
  const values = [...columns, tie].map(([name]) => `st.${name}::text`).join(', ')
  const rows = await database.query<{ place: string[] }>(
    `select array[${values}] as place from study st where ${where.join(' and ')}`,
    params,
  )
  return rows[0]?.place
}

/** SQL that is true for what comes after the place; its parameters are appended to `params`. */
export function afterPlace(
  { sort, direction }: Pick<WorklistQuery, 'sort' | 'direction'>,
  place: Place,
  params: SqlValue[],
): string {
  const { columns, tie, isTieReversed = false } = ORDERS[sort]
  const value = ([, type]: Column, index: number): string =>
    `$${params.push(place[index] ?? '')}::text::${type}`
  const names = columns.map(([name]) => `st.${name}`)
  const values = columns.map(value)
  const [tieName, tieValue] = [`st.${tie[0]}`, value(tie, columns.length)]
  const beyond = (way: Direction): string => (way === 'asc' ? '>' : '<')
  if (!isTieReversed)
    return `(${[...names, tieName].join(', ')}) ${beyond(direction)} (${[...values, tieValue].join(', ')})`
  const [left, right] = [`(${names.join(', ')})`, `(${values.join(', ')})`]
  // The first side alone tells the index where to begin.
  return `${left} ${beyond(direction)}= ${right} and (${left} ${beyond(direction)} ${right}
    or ${tieName} ${beyond(opposite(direction))} ${tieValue})`
}
