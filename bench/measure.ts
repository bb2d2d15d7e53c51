import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { ClientJob, ClientReport } from './client-job.ts'
import { quantile, spreadOf, type Spread } from './figures.ts'
import type { Client } from './run-client.ts'
import { SIDE, type Row } from './rows.ts'
import { settle, type Quiet } from './settle.ts'
import type { Size } from './size.ts'
import type { Target } from './target.ts'

/** What one row gave on one target. */
export interface Measured {
  readonly target: string
  readonly figure: Spread
  /** CPU of the server (for what is stored: until it is idle again), and of the client, a thing (instance, answer, file): ms. */
  readonly serverCpuMs: number
  readonly clientCpuMs: number
  readonly megabytesPerSecond: number
  /** Of all its processes after the last run, bytes. */
  readonly memoryBytes: number
  /** HTTP statuses other than 200. */
  readonly faults: number
}

export interface MeasuredRow {
  readonly row: Row
  readonly results: readonly Measured[]
}

export type Targets = Readonly<Partial<Record<Exclude<Row['targets'][number], 'disk'>, Target>>>

/**
 * Runs a row on each of its targets, turn by turn, so that the machine's moods fall on all alike. The first turn is not
 * counted: an archive runs for months, with its code compiled, its caches filled and its connections open.
 */
export async function measureRow(
  client: Client,
  targets: Targets,
  row: Row,
  runBase: number,
  { quiet, warmMs }: Pick<Size, 'quiet' | 'warmMs'>,
): Promise<MeasuredRow> {
  const kept = new Map<string, Sample[]>()
  for (let turn = 0; turn <= row.runs; turn++) {
    for (const name of row.targets) {
      if (turn === 0 && name !== 'disk') await warmUp(client, targets[name], row, runBase, warmMs)
      const sample =
        name === 'disk'
          ? await runDisk(client, row, runBase + turn)
          : await runTarget(client, targets[name], row, runBase + turn, quiet)
      if (sample === undefined || turn === 0) continue
      const samples = kept.get(sample.target) ?? []
      samples.push(sample)
      kept.set(sample.target, samples)
    }
  }
  return { row, results: [...kept.values()].map((samples) => summary(row, samples)) }
}

interface Sample {
  readonly target: string
  readonly report: ClientReport
  readonly serverCpuMs: number
  readonly memoryBytes: number
}

async function runTarget(
  client: Client,
  target: Target | undefined,
  row: Row,
  run: number,
  quiet: Quiet,
): Promise<Sample | undefined> {
  if (target === undefined) return undefined
  const job = jobOf(target, row, run)
  await settle(target, quiet)
  const before = target.usage()
  const report = await client.run(job)
  // What follows from the work belongs to its price.
  if (job.kind === 'stow') await settle(target, quiet)
  const after = target.usage()
  return {
    target: target.name,
    report,
    serverCpuMs: after.cpuMs - before.cpuMs,
    memoryBytes: after.memoryBytes,
  }
}

/** Asks, or stores what is stored in no turn, until what is run is compiled; the first turn comes behind it. */
async function warmUp(
  client: Client,
  target: Target | undefined,
  row: Row,
  run: number,
  warmMs: number,
): Promise<void> {
  if (target === undefined) return
  const until = performance.now() + warmMs
  for (let extra = 0; performance.now() < until; extra++) {
    const job = jobOf(target, row, run + WARM_RUNS + extra)
    if (job.kind === 'visible') return
    await client.run(job)
  }
}

/** Numbers from here on are of no turn. */
const WARM_RUNS = 500

/** A server of fixed bytes has one file of each kind. */
function jobOf({ name, endpoint }: Target, row: Row, run: number): ClientJob {
  const job = row.job(endpoint, run)
  const isFixed = name === 'nginx' || name === 'bare Node'
  if (!isFixed || job.kind !== 'get') return job
  return { ...job, paths: [row.name.startsWith('frames') ? '/frame' : '/instance'] }
}

/** What the disk's lanes write; to be removed when everything is measured. */
export const diskFolder = (): string => join(tmpdir(), `bench-disk-${process.pid}`)

async function runDisk(client: Client, row: Row, run: number): Promise<Sample | undefined> {
  const job = row.job({ host: '', port: 0, headers: {} }, run)
  if (job.kind !== 'stow') return undefined
  const folder = join(diskFolder(), `${job.perRequest}-${run}`)
  const report = await client.run({
    kind: 'write',
    folder,
    connections: job.connections,
    files: job.instances,
    side: SIDE,
  })
  return { target: 'disk', report, serverCpuMs: 0, memoryBytes: 0 }
}

function summary(row: Row, samples: readonly Sample[]): Measured {
  const things = samples.reduce((sum, sample) => sum + sample.report.count, 0)
  const seconds = samples.reduce((sum, sample) => sum + sample.report.elapsedMs, 0) / 1000
  const bytes = samples.reduce((sum, sample) => sum + sample.report.bytes, 0)
  return {
    target: samples[0]?.target ?? '',
    figure: spreadOf(samples.map((sample) => figureOf(row, sample.report))),
    serverCpuMs: samples.reduce((sum, sample) => sum + sample.serverCpuMs, 0) / things,
    clientCpuMs: samples.reduce((sum, sample) => sum + sample.report.cpuMs, 0) / things,
    megabytesPerSecond: bytes / 1e6 / seconds,
    memoryBytes: Math.max(...samples.map((sample) => sample.memoryBytes)),
    faults: samples.reduce((sum, sample) => sum + faultsOf(sample.report), 0),
  }
}

const figureOf = (row: Row, report: ClientReport): number =>
  row.figure === 'rate'
    ? (report.count * 1000) / report.elapsedMs
    : quantile(report.latenciesMs, row.figure === 'p50' ? 0.5 : 0.95)

const faultsOf = (report: ClientReport): number =>
  Object.entries(report.statuses).reduce((sum, [status, times]) => sum + (status === '200' ? 0 : times), 0)
