import type { Measured, MeasuredRow } from './measure.ts'
import { short, textTable } from './text-table.ts'

/** The rows as text: our figure, the peer's, the limit, and what the CPU did. */
export function table(rows: readonly MeasuredRow[]): string {
  return textTable([
    [
      '',
      'Yunying',
      'Orthanc',
      'limit',
      'against Orthanc',
      'wanted',
      'server CPU ms each',
      'client CPU ms each',
    ],
    ...rows.map(line),
  ])
}

function line({ row, results }: MeasuredRow): string[] {
  const of = (name: string) => results.find((each) => each.target === name)
  const ours = of('Yunying')
  const peer = of('Orthanc')
  const limit = results.find((each) => each !== ours && each !== peer)
  const ratio = ours !== undefined && peer !== undefined ? advantage(row.figure, ours, peer) : undefined
  return [
    `${row.name} (${row.figure === 'rate' ? row.unit : `${row.figure}, ms`})`,
    cell(ours),
    cell(peer),
    limit === undefined ? '' : `${cell(limit)} ${limit.target}`,
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
    row.goal !== undefined ? `${row.goal} ×` : row.bound !== undefined ? `${row.bound} ms` : '',
    [ours, peer].map((each) => (each === undefined ? '–' : each.serverCpuMs.toFixed(2))).join(' / '),
    [ours, peer].map((each) => (each === undefined ? '–' : each.clientCpuMs.toFixed(2))).join(' / '),
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
