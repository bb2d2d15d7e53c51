import type { Measured, MeasuredRow } from './measure.ts'
import { DURABLE_ORTHANC as DURABLE } from './target-orthanc.ts'
import { short, textTable } from './text-table.ts'

/** The rows as text: our figure, the peer's, the limit, and what the CPU did; the peer with a durable index where it ran. */
export function table(rows: readonly MeasuredRow[]): string {
  const hasDurable = rows.some(({ results }) => results.some(({ target }) => target === DURABLE))
  const compared = ['Yunying', 'Orthanc', ...(hasDurable ? [DURABLE] : [])]
  return textTable([
    [
      '',
      ...compared,
      'limit',
      'against Orthanc',
      ...(hasDurable ? [`against ${DURABLE}`] : []),
      'wanted',
      'server CPU ms each',
      'client CPU ms each',
    ],
    ...rows.map((row) => line(row, compared)),
  ])
}

function line({ row, results }: MeasuredRow, compared: readonly string[]): string[] {
  const [ours, ...peers] = compared.map((name) => results.find(({ target }) => target === name))
  const limit = results.find(({ target }) => !compared.includes(target))
  const each = (of: (measured: Measured) => number) =>
    [ours, ...peers].map((measured) => (measured === undefined ? '–' : of(measured).toFixed(2))).join(' / ')
  return [
    `${row.name} (${row.figure === 'rate' ? row.unit : `${row.figure}, ms`})`,
    ...[ours, ...peers].map(cell),
    limit === undefined ? '' : `${cell(limit)} ${limit.target}`,
    ...peers.map((peer) =>
      ours === undefined || peer === undefined ? '' : `${advantage(row.figure, ours, peer).toFixed(2)} ×`,
    ),
    row.goal !== undefined ? `${row.goal} ×` : row.bound !== undefined ? `${row.bound} ms` : '',
    each(({ serverCpuMs }) => serverCpuMs),
    each(({ clientCpuMs }) => clientCpuMs),
  ]
}

/** How many times better ours is. */
const advantage = (figure: MeasuredRow['row']['figure'], ours: Measured, peer: Measured): number =>
  figure === 'rate' ? ours.figure.median / peer.figure.median : peer.figure.median / ours.figure.median

function cell(measured: Measured | undefined): string {
  if (measured === undefined) return '–'
  const { median, min, max } = measured.figure
  const faults = measured.faults > 0 ? ` (${measured.faults} faults)` : ''
  return min === max ? `${short(median)}${faults}` : `${short(median)} (${short(min)}–${short(max)})${faults}`
}
