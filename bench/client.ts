// The load generator: a process of its own, so that its work does not count as the server's.
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientJob, ClientReport, Endpoint, GetJob, StowJob, WriteJob } from './client-job.ts'
import { HttpLane, type LaneRequest } from './http-lane.ts'
import { openInstanceMaker } from './made-instances.ts'
import { runLarge } from './large-job.ts'
import { getRequest, stowRequest } from './requests.ts'
import { runVisible } from './visible-job.ts'

export type Measured = Omit<ClientReport, 'cpuMs'>

async function run(job: ClientJob): Promise<ClientReport> {
  const work = prepare(job)
  const before = process.cpuUsage()
  const report = await work()
  const used = process.cpuUsage(before)
  return { ...report, cpuMs: (used.user + used.system) / 1000 }
}

/** Makes all bodies first; what comes back only sends them. */
function prepare(job: ClientJob): () => Promise<Measured> {
  switch (job.kind) {
    case 'stow': {
      const requests = stowRequests(job)
      return () => overLanes(job, job.connections, requests, job.perRequest)
    }
    case 'get': {
      const requests = getRequests(job)
      return () => overLanes(job, job.connections, requests, 1)
    }
    case 'write':
      return () => runWrite(job)
    case 'visible':
      return () => runVisible(job)
    case 'large':
      return () => runLarge(job)
  }
}

function stowRequests(job: StowJob): LaneRequest[] {
  const make = openInstanceMaker(job.side)
  const requests: LaneRequest[] = []
  for (let first = 0; first < job.instances; first += job.perRequest) {
    const parts = Array.from({ length: Math.min(job.perRequest, job.instances - first) }, (_, index) => {
      const number = first + index
      return job.studies === undefined ? make(job.study, number + 1) : make(job.study + number, 1)
    })
    requests.push(stowRequest(job, job.path, parts))
  }
  return requests
}

function getRequests(job: GetJob): LaneRequest[] {
  const made = job.paths.map((path) => getRequest(job, path))
  return Array.from({ length: job.requests }, (_, index) => made[index % made.length]).filter(
    (request): request is LaneRequest => request !== undefined,
  )
}

/** Sends the requests over so many connections, each taking the next when it is free. */
async function overLanes(
  endpoint: Pick<Endpoint, 'host' | 'port' | 'morePorts'>,
  connections: number,
  requests: readonly LaneRequest[],
  perRequest: number,
): Promise<Measured> {
  const ports = [endpoint.port, ...(endpoint.morePorts ?? [])]
  const lanes = Array.from(
    { length: connections },
    (_, index) => new HttpLane(endpoint.host, ports[index % ports.length] ?? endpoint.port),
  )
  const latenciesMs: number[] = []
  const statuses: Record<string, number> = {}
  let next = 0
  let bytes = 0
  const start = performance.now()
  await Promise.all(
    lanes.map(async (lane) => {
      for (;;) {
        const request = requests[next++]
        if (request === undefined) return
        const sent = performance.now()
        const answer = await lane.send(request)
        latenciesMs.push(performance.now() - sent)
        bytes += answer.bytes
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      }
    }),
  )
  const elapsedMs = performance.now() - start
  for (const lane of lanes) lane.close()
  latenciesMs.sort((a, b) => a - b)
  return { elapsedMs, latenciesMs, count: requests.length * perRequest, bytes, statuses }
}

/** The folder stays until the bench ends: a file system looks past names that were deleted a moment ago, in whoever's file it makes next. */
async function runWrite(job: WriteJob): Promise<Measured> {
  const instance = Buffer.concat(openInstanceMaker(job.side)(1, 1))
  await mkdir(job.folder, { recursive: true })
  const latenciesMs: number[] = []
  let next = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: job.connections }, async () => {
      while (next < job.files) {
        const name = join(job.folder, String(next++))
        const began = performance.now()
        await writeDurably(job.folder, name, instance)
        latenciesMs.push(performance.now() - began)
      }
    }),
  )
  const elapsedMs = performance.now() - start
  latenciesMs.sort((a, b) => a - b)
  return { elapsedMs, latenciesMs, count: job.files, bytes: job.files * instance.length, statuses: {} }
}

async function writeDurably(folder: string, name: string, bytes: Buffer): Promise<void> {
  const file = await open(`${name}.part`, 'w')
  await file.write(bytes)
  await file.sync()
  await file.close()
  await rename(`${name}.part`, name)
  const directory = await open(folder)
  await directory.sync()
  await directory.close()
}

process.on('message', (job: ClientJob) => {
  run(job).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ fault: error instanceof Error ? error.message : String(error) }),
  )
})
