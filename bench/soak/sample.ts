import type { ProcessState } from '../process-usage.ts'
import type { OwnTarget } from '../target-yunying.ts'

/** What a server uses at a moment. */
export interface Sample {
  readonly memoryBytes: number
  readonly processes: readonly ProcessState[]
  /** Of the web process, as it says itself; undefined where it does not. */
  readonly heapBytes: number | undefined
  readonly externalBytes: number | undefined
  readonly eventLoopLagP99Ms: number | undefined
}

export async function takeSample(target: OwnTarget): Promise<Sample> {
  const { host, port } = target.endpoint
  const processes = target.processes()
  const text = await fetch(`http://${host}:${port}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  )
  const metric = (name: string): number | undefined => {
    const value = new RegExp(`^${name} ([\\d.e+-]+)$`, 'm').exec(text)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const lag = metric('nodejs_eventloop_lag_p99_seconds')
  return {
    memoryBytes: processes.reduce((sum, each) => sum + each.memoryBytes, 0),
    processes,
    heapBytes: metric('nodejs_heap_size_used_bytes'),
    externalBytes: metric('nodejs_external_memory_bytes'),
    eventLoopLagP99Ms: lag === undefined ? undefined : lag * 1000,
  }
}
