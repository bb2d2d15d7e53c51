import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../run-client.ts'
import { SIDE } from '../rows.ts'
import { PARTS, startCluster, type Cluster, type PartName, type PartUsage } from './start-cluster.ts'

/** What so many workers needed for studies that waited for them. */
export interface MeasuredBacklog {
  readonly workers: number
  readonly studies: number
  readonly slices: number
  /** From the first worker at work until all metadata, thumbnails and counts were there. */
  readonly metadataSeconds: number
  /** From the first rendition to the last; they begin ten seconds after the metadata. */
  readonly renditionSeconds: number
  readonly renditions: number
  /** For all of it, a study. */
  readonly cpuMs: Readonly<Record<PartName, number>>
  /** The most of each part. */
  readonly memoryBytes: Readonly<Record<PartName, number>>
  /** Bytes as received, and of renditions. */
  readonly receivedBytes: number
  readonly renditionBytes: number
  /** Tables and indexes together, an instance. */
  readonly databaseBytes: number
  /** Work that was not done when patience ended, or that failed. */
  readonly left: number
}

const FIRST_STUDY = 7_000_000
const BACKLOG = { studies: 20, slices: 50, patienceMs: 300_000 } as const
const SHORT_BACKLOG = { studies: 2, slices: 12, patienceMs: 30_000 } as const
const LOOK_MS = 100
/** Nothing of the studies is arriving any more. */
const ARRIVED_MS = 4_000

/** Stores CT studies while nobody works, then starts the workers and waits until everything is done. */
export async function measureBacklog(
  root: string,
  client: Client,
  workers: number,
  isShort: boolean,
  say: (text: string) => void,
): Promise<MeasuredBacklog> {
  const { studies, slices, patienceMs } = isShort ? SHORT_BACKLOG : BACKLOG
  say(`${workers} workers: a backlog of ${studies} CT of ${slices}`)
  const cluster = await startCluster(root, 1, 'on')
  try {
    const empty = await tableBytes(cluster)
    for (let study = 0; study < studies; study++) {
      const job = {
        kind: 'stow',
        path: '/dicom-web/studies',
        connections: 4,
        perRequest: 10,
        side: SIDE,
      } as const
      await client.run({ ...job, ...cluster.endpoint, instances: slices, study: FIRST_STUDY + study })
    }
    await sleep(ARRIVED_MS)
    await cluster.startWorkers(workers)
    const before = cluster.parts()
    const watched = await watch(cluster, patienceMs)
    const after = cluster.parts()
    const [sizes] = await cluster.query<{
      received: number
      renditions: number
      bytes: number
      tables: number
    }>(
      `select (select coalesce(sum(size), 0)::bigint from instance) as received,
         (select coalesce(sum(size), 0)::bigint from rendition) as bytes,
         (select count(*) from rendition where object_key is not null) as renditions`,
    )
    const ofParts = (of: (part: PartName) => number): Record<PartName, number> =>
      Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<PartName, number>
    return {
      workers,
      studies,
      slices,
      metadataSeconds: watched.metadataSeconds,
      renditionSeconds: watched.renditionSeconds,
      renditions: sizes?.renditions ?? 0,
      cpuMs: ofParts((part) => (after[part].cpuMs - before[part].cpuMs) / studies),
      memoryBytes: ofParts((part) => Math.max(...watched.samples.map((sample) => sample[part].memoryBytes))),
      receivedBytes: sizes?.received ?? 0,
      renditionBytes: sizes?.bytes ?? 0,
      databaseBytes: ((await tableBytes(cluster)) - empty) / (studies * slices),
      left: watched.left,
    }
  } finally {
    await cluster.close()
  }
}

/** Tables and their indexes. */
async function tableBytes(cluster: Cluster): Promise<number> {
  const [row] = await cluster.query<{ bytes: number }>(
    `select sum(pg_total_relation_size(oid))::bigint as bytes from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  return row?.bytes ?? 0
}

interface Waiting {
  readonly others: number
  readonly all: number
  readonly renditions: number
}

async function watch(
  cluster: Cluster,
  patienceMs: number,
): Promise<{ metadataSeconds: number; renditionSeconds: number; left: number; samples: PartUsage[] }> {
  const began = performance.now()
  const since = (): number => (performance.now() - began) / 1000
  const samples: PartUsage[] = []
  let metadataSeconds: number | undefined
  let firstRendition: number | undefined
  for (;;) {
    const [waiting] = await cluster.query<Waiting>(
      `select count(*) filter (where kind <> 'make-renditions')::int as others, count(*)::int as all,
         (select count(*)::int from rendition) as renditions from work_item`,
    )
    const now = since()
    if (waiting === undefined) throw new Error('the work cannot be counted')
    if (waiting.others === 0) metadataSeconds ??= now
    if (waiting.renditions > 0) firstRendition ??= now
    // Memory is asked for less often: it takes longer to find out.
    if (samples.length <= now) samples.push(cluster.parts())
    if (waiting.all === 0 || now * 1000 > patienceMs) {
      samples.push(cluster.parts())
      return {
        metadataSeconds: metadataSeconds ?? NaN,
        renditionSeconds: firstRendition === undefined ? NaN : now - firstRendition,
        left: waiting.all,
        samples,
      }
    }
    await sleep(LOOK_MS)
  }
}
