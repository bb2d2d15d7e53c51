import { withinOrganisation } from '../../core/access/organisation-wall.ts'
import type { Database } from '../../core/ports/database.ts'
import { openEmbeddedPostgres } from '../../storage-config/database/embedded-postgres.ts'
import { SERVER_USER } from '../../storage-config/database/embedded-server.ts'
import type { Endpoint } from '../client-job.ts'
import { quantile, spreadOf, type Spread } from '../figures.ts'
import type { Client } from '../run-client.ts'
import { settle } from '../settle.ts'
import { SILENT } from '../silent-log.ts'
import type { OwnTarget } from '../target-yunying.ts'
import { short, textTable } from '../text-table.ts'
import { fillArchive, MADE, MADE_HOSPITAL, type MadeArchive } from './fill-archive.ts'
import { HTTP_QUESTIONS, type HttpQuestion } from './http-questions.ts'
import { measureQuestion } from './measure-question.ts'
import { QUESTIONS } from './questions.ts'

export interface SearchOptions {
  /** Studies, ascending: the archive grows. */
  readonly sizes: readonly number[]
  readonly isShort: boolean
  say(text: string): void
}

export interface MeasuredSearch {
  readonly text: string
  readonly sizes: readonly MeasuredSize[]
}

interface MeasuredSize extends MadeArchive {
  readonly fillSeconds: number
  readonly asked: Readonly<Record<string, Asked>>
  /** By the search and worklist functions alone, beside the server: pages of 8 KiB that each touches, and ms. */
  readonly touched: Readonly<Record<string, { readonly ms: number; readonly pages: number }>>
}

interface Asked {
  /** Medians of the turns, and of their 95 % quantiles. ms. */
  readonly p50: Spread
  readonly p95: Spread
  /** Of an answer, as it is sent: where a small archive has fewer rows than a page, it has less to say. */
  readonly bytes: number
  readonly faults: number
}

/** As browsers ask. */
const HEADERS = { Accept: 'application/dicom+json, application/json', 'Accept-Encoding': 'gzip' }
/** After what grew was written down and tidied up, the server is looked at until it does nothing. */
const QUIET = { looks: 3, lookMs: 400, patienceMs: 60_000 }
const BRIEF = { looks: 1, lookMs: 200, patienceMs: 5_000 }
/** A question that is not flat touches so many times as many pages, and more than so many: a page is read in some µs. */
const STEEP = 2
const MANY_PAGES = 1_000

/** Asks an archive the same questions while it grows: by HTTP, and for the pages of the database that each touches. */
export async function measureSearch(
  target: OwnTarget,
  client: Client,
  options: SearchOptions,
): Promise<MeasuredSearch> {
  const { sizes, isShort, say } = options
  const postgres = await openEmbeddedPostgres(`${target.dataFolder}/database`, SILENT)
  const superuser = postgres.openAsSuperuser(SERVER_USER)
  try {
    const measured: MeasuredSize[] = []
    let headers: Endpoint['headers'] | undefined
    for (const [index, studies] of sizes.entries()) {
      say(`${studies} studies: filling`)
      const began = performance.now()
      const made = await fillArchive(superuser, studies, sizes[index - 1] ?? 0)
      const fillSeconds = (performance.now() - began) / 1000
      say(`${studies} studies: filled in ${fillSeconds.toFixed(0)} s, settling`)
      // What was written is on disk before anything is asked.
      await superuser.query('checkpoint')
      // Of the work that is put off for ever, the server says that it is left.
      await settle({ usage: () => target.usage() }, isShort ? BRIEF : QUIET)
      headers ??= { Authorization: `Bearer ${await reader(target)}` }
      const endpoint = { ...target.endpoint, headers: { ...headers, ...HEADERS } }
      const asked: Record<string, Asked> = {}
      for (const question of HTTP_QUESTIONS) {
        say(`${studies} studies: ${question.name}`)
        asked[question.name] = await ask(client, endpoint, question, studies, isShort)
      }
      say(`${studies} studies: pages touched`)
      const touched = await touchedPages(postgres.database, studies, isShort)
      measured.push({ ...made, fillSeconds, asked, touched })
    }
    return { sizes: measured, text: told(measured) }
  } finally {
    await superuser.close()
    await postgres.close()
  }
}

/** Somebody of the made hospital who reads everything. */
async function reader(target: OwnTarget): Promise<string> {
  const email = 'reader@made'
  await target.cli('user', 'add', '--email', email, '--role', 'radiologist', '--organisation', MADE_HOSPITAL)
  await target.cli('user', 'password', '--email', email, '--password', 'a password of the reader')
  return (await target.cli('token', '--user', email)).trim()
}

/** A first turn is not counted. */
async function ask(
  client: Client,
  endpoint: Endpoint,
  question: HttpQuestion,
  studies: number,
  isShort: boolean,
): Promise<Asked> {
  const paths = question.paths(studies)
  const requests = isShort ? 20 : 200
  const p50: number[] = []
  const p95: number[] = []
  let faults = 0
  let bytes = 0
  for (let turn = 0; turn <= (isShort ? 1 : 3); turn++) {
    const job = { kind: 'get', ...endpoint, paths, connections: question.connections, requests } as const
    const { latenciesMs, statuses, ...report } = await client.run(job)
    bytes = report.bytes / requests
    faults += requests - (statuses['200'] ?? 0)
    if (turn === 0) continue
    p50.push(quantile(latenciesMs, 0.5))
    p95.push(quantile(latenciesMs, 0.95))
  }
  return { p50: spreadOf(p50), p95: spreadOf(p95), bytes, faults }
}

/** Of every question of people and machines, behind the wall that the server works behind. */
async function touchedPages(
  database: Database,
  studies: number,
  isShort: boolean,
): Promise<MeasuredSize['touched']> {
  const touched: Record<string, { ms: number; pages: number }> = {}
  for (const question of isShort ? QUESTIONS.filter((_, index) => index % 8 === 0) : QUESTIONS) {
    touched[question.name] = await withinOrganisation(MADE.organisationId, () =>
      measureQuestion(database, question, studies),
    )
  }
  return touched
}

function told(sizes: readonly MeasuredSize[]): string {
  const names = Object.keys(sizes[0]?.asked ?? {})
  const counts = sizes.map((size) => thousands(size.studies))
  const p50 = (size: MeasuredSize | undefined, name: string): number => size?.asked[name]?.p50.median ?? NaN
  const growth = (figure: (size: MeasuredSize | undefined) => number): string[] =>
    sizes.slice(1).map((size) => `${(figure(size) / figure(sizes[0])).toFixed(2)} ×`)
  const head = (what: string): string[] => [
    what,
    ...counts.map((count) => `${count} studies`),
    ...counts.slice(1).map((count) => `${count} / ${counts[0]}`),
  ]
  const cell = (asked: Asked | undefined): string =>
    asked === undefined
      ? '–'
      : `${short(asked.p50.median)} ms (95 %: ${short(asked.p95.median)}; ${(asked.bytes / 1000).toFixed(1)} KB)${asked.faults > 0 ? ` ${asked.faults} faults` : ''}`
  const byHttp = names.map((name) => [
    name,
    ...sizes.map((size) => cell(size.asked[name])),
    ...growth((size) => p50(size, name)),
  ])
  const pages = (size: MeasuredSize | undefined, name: string): number => size?.touched[name]?.pages ?? NaN
  const steep = Object.keys(sizes[0]?.touched ?? {}).filter(
    (name) => pages(sizes.at(-1), name) > Math.max(MANY_PAGES, STEEP * pages(sizes[0], name)),
  )
  const byPages = steep.map((name) => [
    name,
    ...sizes.map((size) => `${pages(size, name)} pages, ${short(size.touched[name]?.ms ?? NaN)} ms`),
    ...growth((size) => pages(size, name)),
  ])
  return [
    ...sizes.map(
      (size) =>
        `${size.studies} studies, ${size.series} series, ${size.instances} instances; filled in ${size.fillSeconds.toFixed(0)} s`,
    ),
    '',
    textTable([head('by HTTP, median'), ...byHttp]),
    '',
    `Of ${Object.keys(sizes[0]?.touched ?? {}).length} questions to the database, ${steep.length} touch more than ${thousands(MANY_PAGES)} pages at last, and more than ${STEEP} times as many as at first:`,
    ...(steep.length === 0 ? [] : ['', textTable([head('asked'), ...byPages])]),
  ].join('\n')
}

const thousands = (count: number): string => count.toLocaleString('en-US')
