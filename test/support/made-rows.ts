import { randomUUID } from 'node:crypto'
import type { Database } from '../../core/ports/database.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly generated: boolean
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Tables whose rows its rows belong to, by its own column. */
  readonly parents: readonly { readonly column: string; readonly table: string; readonly key: string }[]
}

/** Ids of the rows of one organisation, by `table.column`. */
export type MadeRows = Map<string, string>

/** Every table of ours, parents first. */
export async function readTables(database: Database): Promise<Table[]> {
  const names = await database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  const columns = await database.query<Column & { table_name: string }>(
    `select table_name, column_name as name, data_type as type, is_nullable = 'NO' and column_default is null
         and is_identity = 'NO' as required, is_generated = 'ALWAYS' or is_identity = 'YES' as generated
       from information_schema.columns where table_schema = 'public' order by ordinal_position`,
  )
  const references = await database.query<{ of: string; column: string; table: string; key: string }>(
    `select c.conrelid::regclass::text as of, a.attname as column, c.confrelid::regclass::text as table, k.attname as key
       from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
       join pg_attribute k on k.attrelid = c.confrelid and k.attnum = c.confkey[1]
       where c.contype = 'f' and c.connamespace = 'public'::regnamespace`,
  )
  const tables = names.map(({ name }): Table => ({
    name,
    columns: columns.filter((column) => column.table_name === name),
    parents: references.filter(({ of, table }) => of === name && table !== name),
  }))
  const sorted: Table[] = []
  while (sorted.length < tables.length) {
    const ready = tables.filter(
      (table) =>
        !sorted.includes(table) &&
        table.parents.every((parent) => sorted.some(({ name }) => name === parent.table)),
    )
    if (ready.length === 0) throw new Error('tables refer to each other in a ring')
    sorted.push(...ready)
  }
  return sorted
}

/** A row of this organisation, whatever the table asks for; its ids are kept for the rows that belong to it. */
export async function insertRow(
  superuser: Database,
  table: Table,
  organisationId: string,
  made: MadeRows,
): Promise<void> {
  const values = new Map<string, string>()
  for (const { name, type, required, generated } of table.columns) {
    const parent = table.parents.find(({ column }) => column === name)
    const id = parent && made.get(`${parent.table}.${parent.key}`)
    const given = GIVEN[`${table.name}.${name}`]
    if (generated) continue
    if (name === 'organisation_id') values.set(name, organisationId)
    else if (given !== undefined) values.set(name, given)
    else if (required) values.set(name, id ?? anyValue(type))
  }
  const names = [...values.keys()]
  const [row] = await superuser.query<Record<string, unknown>>(
    `insert into ${table.name} (${names.join(', ')})
     select ${names.map((name) => `r.${name}`).join(', ')} from jsonb_populate_record(null::${table.name}, $1) r returning *`,
    [JSON.stringify(Object.fromEntries(values))],
  )
  for (const [name, value] of Object.entries(row ?? {}))
    if (typeof value === 'string' && UUID.test(value)) made.set(`${table.name}.${name}`, value)
}

const UUID = /^[0-9a-f]{8}-/

function anyValue(type: string): string {
  const drawn = randomUUID()
  switch (type) {
    case 'uuid':
    case 'text':
      return drawn
    case 'bytea':
      return `\\x${drawn.replaceAll('-', '')}`
    case 'jsonb':
    case 'ARRAY':
      return type === 'jsonb' ? '{}' : '{x}'
    case 'boolean':
      return 'true'
    case 'date':
    case 'timestamp with time zone':
      return '2030-01-01'
    default:
      return String(1 + Math.floor(Math.random() * 1e6))
  }
}

/** What a table asks for beside columns that must be there. */
const GIVEN: Readonly<Record<string, string>> = {
  'access_rule.role': 'radiologist',
  'sign_in_settings.session_idle_minutes': '60',
  'sign_in_settings.session_hours': '12',
  'retention_rule.counted_from': 'received',
  'retention_rule.grace_days': '30',
  'study_hold.patient_id': 'P1',
}
