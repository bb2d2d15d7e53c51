import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '../figures.ts'
import type { OwnTarget } from '../target-yunying.ts'
import { openAsking, type Answered } from './asked.ts'
import { comingAndGoing, listener, modality, reader, searcher, sharer, type Clinic } from './people.ts'
import { takeSample, type Sample } from './sample.ts'
import { soakTold } from './soak-told.ts'

export interface SoakResult {
  readonly text: string
  readonly durationMs: number
  readonly samples: readonly TimedSample[]
  readonly faults: Readonly<Record<string, number>>
}

/** What the server used at a moment, and how it answered since the sample before. */
export interface TimedSample extends Sample {
  readonly atMs: number
  readonly kinds: Readonly<Record<string, WindowOfKind>>
}

interface WindowOfKind {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly faults: number
}

const SAMPLE_MS = 15_000
/** A short soak has samples enough for its quarters too. */
const FEWEST_SAMPLES = 16

/** A server, and whose archive the clinic works with. */
export interface SoakedArchive {
  readonly target: OwnTarget
  /** Its name. */
  readonly organisation: string
}

/** Lets a clinic work with the server for so long, and looks now and then what that costs it. */
export async function measureSoak(
  { target, organisation }: SoakedArchive,
  minutes: number,
  say: (text: string) => void,
): Promise<SoakResult> {
  const { host, port } = target.endpoint
  const url = `http://${host}:${port}`
  const durationMs = minutes * 60_000
  const asking = openAsking(url)
  const began = performance.now()
  const since = (): number => performance.now() - began
  const clinic: Clinic = {
    asking,
    ...(await hire(target, organisation)),
    studies: [],
    sent: 0,
    isOver: () => since() >= durationMs,
  }
  const people = [
    modality(5_000_000),
    modality(6_000_000),
    searcher,
    searcher,
    reader,
    reader,
    reader,
    sharer,
    sharer,
    comingAndGoing,
    comingAndGoing,
    listener,
    listener,
  ].map((person) => person(clinic))
  const samples: TimedSample[] = []
  const everyMs = Math.min(SAMPLE_MS, durationMs / FEWEST_SAMPLES)
  let told = 0
  for (let next = everyMs; next <= durationMs + everyMs / 2; next += everyMs) {
    await sleep(Math.max(0, next - since()))
    const sample = await takeSample(target)
    // Those that are under way are in the next window.
    const answers = asking.answers.slice(told)
    told = asking.answers.length
    samples.push({ atMs: since(), kinds: windows(answers), ...sample })
    say(
      `${(since() / 60_000).toFixed(1)} of ${minutes} min: ${told} answers, ${faultsOf(asking.answers).length} faults, ${(clinic.sent / 1e6).toFixed(0)} MB sent, ${(sample.memoryBytes / 1e6).toFixed(0)} MB of memory`,
    )
  }
  await Promise.all(people)
  const faults: Record<string, number> = {}
  for (const { kind, status } of faultsOf(asking.answers)) {
    const what = `${kind}: ${status}`
    faults[what] = (faults[what] ?? 0) + 1
  }
  return {
    text: soakTold({ samples, answers: asking.answers, faults, durationMs, sentBytes: clinic.sent }),
    durationMs,
    samples,
    faults,
  }
}

/** People of an organisation, with what they sign in by. */
async function hire({ cli }: OwnTarget, organisation: string): Promise<Pick<Clinic, 'tokens' | 'signIn'>> {
  const token = async (role: string): Promise<string> => {
    const email = `${role}@soak`
    await cli('user', 'add', '--email', email, '--role', role, '--organisation', organisation)
    await cli('user', 'password', '--email', email, '--password', PASSWORD)
    return (await cli('token', '--user', email)).trim()
  }
  const tokens = { technician: await token('technician'), radiologist: await token('radiologist') }
  return { tokens, signIn: { email: 'radiologist@soak', password: PASSWORD } }
}

const PASSWORD = 'a password for the soak'

const faultsOf = (answers: readonly Answered[]): Answered[] => answers.filter(({ isFault }) => isFault)

function windows(answers: readonly Answered[]): TimedSample['kinds'] {
  const kinds: Record<string, WindowOfKind> = {}
  for (const kind of new Set(answers.map((each) => each.kind))) {
    const own = answers.filter((each) => each.kind === kind)
    const times = own.map(({ ms }) => ms).sort((a, b) => a - b)
    kinds[kind] = {
      count: own.length,
      p50: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      faults: faultsOf(own).length,
    }
  }
  return kinds
}
