import { cpus } from 'node:os'
import type { ClientReport } from '../client-job.ts'
import { spreadOf, type Spread } from '../figures.ts'
import { benchRows, preparations, type Row } from '../rows.ts'
import type { Client } from '../run-client.ts'
import { BRIEF, settle, THOROUGH } from '../settle.ts'
import { SIZES, type Size } from '../size.ts'
import { clusterTold } from './cluster-told.ts'
import { measureBacklog, type MeasuredBacklog } from './measure-backlog.ts'
import { PARTS, startCluster, type Cluster, type PartName, type PartUsage } from './start-cluster.ts'

export interface ClusterResult {
  readonly text: string
  readonly rows: readonly MeasuredClusterRow[]
  readonly backlogs: readonly MeasuredBacklog[]
}

/** What a row gave with so many processes. */
export interface MeasuredClusterRow {
  readonly name: string
  readonly webs: number
  readonly workers: number
  /** Things a second. */
  readonly rate: Spread
  /** Of all cores, while the client asked: the parts, the client, and what else this machine did. */
  readonly shares: Readonly<Record<PartName | 'client' | 'others', number>>
  /** CPU a thing, ms, until the cluster was idle again. */
  readonly cpuMs: Readonly<Record<PartName, number>>
  /** At its end. */
  readonly memoryBytes: Readonly<Record<PartName, number>>
  readonly faults: number
}

const ROWS = [
  'STOW-RS 0.5 MB CT, 8 × 1',
  'STOW-RS 0.5 MB CT, 8 × 20',
  'frames, 16 in flight',
  'QIDO-RS PatientID, 8 at once',
]
const SIZE: Size = {
  ...SIZES.default,
  runs: 3,
  quiet: { ...THOROUGH, patienceMs: 20_000 },
  stowInstances: 400,
  frameRequests: 2_000,
  queryStudies: 200,
  queryRequests: 1_000,
}
const SHORT: Size = { ...SIZES.short, quiet: BRIEF }
/** Web processes, workers. */
const MIXES = [
  [1, 1],
  [1, 2],
  [1, 4],
  [2, 1],
  [2, 2],
  [2, 4],
] as const
const SHORT_MIXES = [[2, 1]] as const

/** Asks clusters of several sizes the same, each with fresh servers, and has them work off the same backlog. */
export async function measureCluster(
  root: string,
  client: Client,
  isShort: boolean,
  say: (text: string) => void,
): Promise<ClusterResult> {
  const rows: MeasuredClusterRow[] = []
  for (const [webs, workers] of isShort ? SHORT_MIXES : MIXES) {
    say(`${webs} web, ${workers} workers: starting`)
    const cluster = await startCluster(root, webs)
    try {
      await cluster.startWorkers(workers)
      const size = isShort ? SHORT : SIZE
      for (const job of preparations(size)) await client.run(job(cluster.endpoint))
      await settle(cluster, size.quiet)
      for (const row of benchRows(size).filter(({ name }) =>
        ROWS.some((wanted) => name.startsWith(wanted)),
      )) {
        say(`${webs} web, ${workers} workers: ${row.name}`)
        rows.push({ ...(await measureRow(cluster, client, row, size)), webs, workers })
      }
    } finally {
      await cluster.close()
    }
  }
  const backlogs: MeasuredBacklog[] = []
  for (const workers of isShort ? [2] : [1, 2, 4]) {
    backlogs.push(await measureBacklog(root, client, workers, isShort, say))
  }
  return { rows, backlogs, text: clusterTold(rows, backlogs) }
}

interface Turn {
  readonly report: ClientReport
  readonly before: PartUsage
  /** When the last answer was there, and when everything that follows from it was done. */
  readonly answered: PartUsage
  readonly done: PartUsage
  /** CPU that the whole machine used until the last answer, ms. */
  readonly machineMs: number
}

/** The first turn is not counted. */
async function measureRow(
  cluster: Cluster,
  client: Client,
  row: Row,
  size: Size,
): Promise<Omit<MeasuredClusterRow, 'webs' | 'workers'>> {
  const turns: Turn[] = []
  for (let turn = 0; turn <= row.runs; turn++) {
    const job = row.job(cluster.endpoint, 1 + turn)
    const before = cluster.parts()
    const machineBefore = machineMs()
    const report = await client.run(job)
    const machine = machineMs() - machineBefore
    const answered = cluster.parts()
    if (job.kind === 'stow') await settle(cluster, size.quiet)
    if (turn > 0) turns.push({ report, before, answered, done: cluster.parts(), machineMs: machine })
  }
  const total = (of: (turn: Turn) => number): number => turns.reduce((sum, turn) => sum + of(turn), 0)
  const things = total(({ report }) => report.count)
  const coreMs = total(({ report }) => report.elapsedMs) * cpus().length
  const ofParts = (of: (part: PartName) => number): Record<PartName, number> =>
    Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<PartName, number>
  const shares = {
    ...ofParts((part) => total(({ before, answered }) => answered[part].cpuMs - before[part].cpuMs) / coreMs),
    client: total(({ report }) => report.cpuMs) / coreMs,
  }
  const own = Object.values(shares).reduce((sum, share) => sum + share, 0)
  return {
    name: row.name,
    rate: spreadOf(turns.map(({ report }) => (report.count * 1000) / report.elapsedMs)),
    shares: { ...shares, others: Math.max(0, total((turn) => turn.machineMs) / coreMs - own) },
    cpuMs: ofParts((part) => total(({ before, done }) => done[part].cpuMs - before[part].cpuMs) / things),
    memoryBytes: ofParts((part) => turns.at(-1)?.done[part].memoryBytes ?? 0),
    faults: total(({ report }) =>
      Object.entries(report.statuses).reduce(
        (sum, [status, times]) => sum + (status === '200' ? 0 : times),
        0,
      ),
    ),
  }
}

/** CPU of everything on this machine since it was started, ms. */
const machineMs = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
