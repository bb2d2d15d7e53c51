import type { Client } from './run-client.ts'
import type { Target } from './target.ts'

const FOUR_GIGABYTES = 4_000_000_000
const STUDY = 3_000_000
const SAMPLE_MS = 50

export interface LargeResult {
  readonly text: string
  readonly idleBytes: number
  readonly inPeakBytes: number
  readonly outPeakBytes: number
}

/** One instance of 4 GB in and out, and the most memory the web process held meanwhile. */
export async function measureLarge(client: Client, target: Target): Promise<LargeResult> {
  const idleBytes = target.residentBytes()
  const one = async (direction: 'in' | 'out') => {
    let peak = 0
    const timer = setInterval(() => (peak = Math.max(peak, target.residentBytes())), SAMPLE_MS)
    const report = await client.run({
      kind: 'large',
      ...target.endpoint,
      direction,
      study: STUDY,
      bytes: FOUR_GIGABYTES,
    })
    clearInterval(timer)
    const megabytesPerSecond = report.bytes / 1e3 / report.elapsedMs
    const statuses = Object.keys(report.statuses).join(', ')
    return {
      peak,
      text: `${(report.bytes / 1e9).toFixed(2)} GB ${direction}: HTTP ${statuses}, ${megabytesPerSecond.toFixed(0)} MB/s, web process at most ${(peak / 1e6).toFixed(0)} MB`,
    }
  }
  const into = await one('in')
  const out = await one('out')
  return {
    text: `${into.text}\n${out.text}\n(before: ${(idleBytes / 1e6).toFixed(0)} MB; wanted: under 300 MB)`,
    idleBytes,
    inPeakBytes: into.peak,
    outPeakBytes: out.peak,
  }
}
