import { cpus } from 'node:os'
import { short, textTable } from '../text-table.ts'
import type { MeasuredBacklog } from './measure-backlog.ts'
import type { MeasuredClusterRow } from './measure-cluster.ts'
import { PARTS, type PartName } from './start-cluster.ts'

/** Of all cores: less than so much is left when they are full. */
const FULL = 0.9
/** Of one core: a process that computes in one thread can have no more. */
const BUSY = 0.85

/** What the clusters did, and which part of each was in the way. */
export function clusterTold(
  rows: readonly MeasuredClusterRow[],
  backlogs: readonly MeasuredBacklog[],
): string {
  const ofParts = (shown: (part: PartName) => string): string[] => PARTS.map(shown)
  return [
    textTable([
      [
        '',
        'web',
        'workers',
        'a second',
        ...PARTS.map((part) => `${part}: CPU ms each, MB`),
        'share of the cores',
        '',
      ],
      ...[...rows]
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
        .map((row) => [
          row.name,
          String(row.webs),
          String(row.workers),
          `${short(row.rate.median)} (${short(row.rate.min)}–${short(row.rate.max)})${row.faults > 0 ? ` ${row.faults} faults` : ''}`,
          ...ofParts((part) => `${short(row.cpuMs[part])}, ${megabytes(row.memoryBytes[part])}`),
          [...PARTS, 'client' as const, 'others' as const]
            .filter((part) => row.shares[part] >= 0.01)
            .map((part) => `${part} ${percent(row.shares[part])}`)
            .join(', '),
          saturated(row),
        ]),
    ]),
    '',
    textTable([
      [
        'backlog',
        'workers',
        'metadata, thumbnails',
        'renditions',
        ...PARTS.map((part) => `${part}: CPU ms a study, MB`),
        'database, an instance',
        'not done',
      ],
      ...backlogs.map((each) => [
        `${each.studies} CT of ${each.slices}`,
        String(each.workers),
        `${each.metadataSeconds.toFixed(1)} s (${short((each.studies * 60) / each.metadataSeconds)} studies/min)`,
        `${each.renditionSeconds.toFixed(1)} s (${short((each.studies * 60) / each.renditionSeconds)} studies/min, ${percent(each.renditionBytes / each.receivedBytes)} of what was received)`,
        ...ofParts((part) => `${short(each.cpuMs[part])}, ${megabytes(each.memoryBytes[part])}`),
        `${(each.databaseBytes / 1000).toFixed(1)} KB`,
        String(each.left),
      ]),
    ]),
  ].join('\n')
}

/** The part that is in the way: what has most of full cores, or a process whose one thread is full. */
export function saturated({
  shares,
  webs,
  workers,
}: Pick<MeasuredClusterRow, 'shares' | 'webs' | 'workers'>): string {
  const all = Object.values(shares).reduce((sum, share) => sum + share, 0)
  const [most] = Object.entries(shares).sort(([, a], [, b]) => b - a)
  if (most === undefined) return ''
  if (all >= FULL) return `all cores: ${most[0]} ${percent(most[1])}`
  const processes: Readonly<Partial<Record<string, number>>> = {
    web: webs,
    worker: workers,
    Redis: 1,
    client: 1,
  }
  const busy = Object.entries(shares).find(
    ([part, share]) => (share * cpus().length) / (processes[part] ?? Infinity) >= BUSY,
  )
  if (busy !== undefined) return `one core: ${busy[0]}`
  return `no part (${percent(all)} in all): it waits, for the disk or for answers`
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0)
