import type { ClientReport, VisibleJob } from './client-job.ts'
import { HttpLane } from './http-lane.ts'
import { accessionNumber, openInstanceMaker } from './made-instances.ts'
import { getRequest, stowRequest } from './requests.ts'

const POLL_MS = 10
const GIVE_UP_MS = 30_000
const UPLOAD_LANES = 8

/** From the last acknowledged instance of a study until the worklist shows the whole study with a thumbnail that loads. */
export async function runVisible(job: VisibleJob): Promise<Omit<ClientReport, 'cpuMs'>> {
  const make = openInstanceMaker(job.side)
  const watcher = new HttpLane(job.host, job.port)
  const latenciesMs: number[] = []
  const start = performance.now()
  for (let study = job.firstStudy; study < job.firstStudy + job.studies; study++) {
    await upload(job, study, make)
    const acknowledged = performance.now()
    await untilVisible(job, study, watcher)
    latenciesMs.push(performance.now() - acknowledged)
  }
  watcher.close()
  latenciesMs.sort((a, b) => a - b)
  const count = job.studies
  return { elapsedMs: performance.now() - start, latenciesMs, count, bytes: 0, statuses: {} }
}

async function upload(
  job: VisibleJob,
  study: number,
  make: ReturnType<typeof openInstanceMaker>,
): Promise<void> {
  const lanes = Array.from(
    { length: Math.min(UPLOAD_LANES, job.instancesPerStudy) },
    () => new HttpLane(job.host, job.port),
  )
  let next = 1
  await Promise.all(
    lanes.map(async (lane) => {
      while (next <= job.instancesPerStudy) {
        const request = stowRequest(job, '/dicom-web/studies', [make(study, next++)])
        const answer = await lane.send(request)
        if (answer.status !== 200) throw new Error(`STOW-RS answered ${answer.status}.`)
      }
      lane.close()
    }),
  )
}

async function untilVisible(job: VisibleJob, study: number, lane: HttpLane): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS
  while (performance.now() < deadline) {
    const thumbnail = await thumbnailOf(job, study, lane)
    if (thumbnail !== undefined) {
      const answer = await lane.send(getRequest(job, thumbnail))
      if (answer.status === 200 && answer.bytes > 0) return
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error('The study did not become visible in time.')
}

interface Row {
  readonly accessionNumber: string
  readonly instanceCount: number
  readonly thumbnailUrl: string | null
}

async function thumbnailOf(job: VisibleJob, study: number, lane: HttpLane): Promise<string | undefined> {
  const accession = accessionNumber(study)
  const answer = await lane.send({ ...getRequest(job, `/api/worklist?q=${accession}`), keepBody: true })
  const page = JSON.parse(answer.body?.toString() ?? '{}') as { studies?: Row[] }
  const row = page.studies?.find((each) => each.accessionNumber === accession)
  return row?.instanceCount === job.instancesPerStudy ? (row.thumbnailUrl ?? undefined) : undefined
}
