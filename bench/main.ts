import { mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureLarge } from './large.ts'
import { openInstanceMaker } from './made-instances.ts'
import { diskFolder, measureRow, type MeasuredRow, type Targets } from './measure.ts'
import type { Mode } from './mode.ts'
import { MODES } from './modes.ts'
import { openClient, type Client } from './run-client.ts'
import { benchRows, preparations, SIDE, type Row } from './rows.ts'
import { SIZES, withStudies, type Size } from './size.ts'
import { settle } from './settle.ts'
import { startDurableOrthanc, startOrthanc } from './target-orthanc.ts'
import { startStatic } from './target-static.ts'
import { startYunying } from './target-yunying.ts'
import { table } from './table.ts'

const USAGE = `npm run bench -- [--short | --full] [--large] [--only TEXT] [--studies N] [--ours | --peers] [--profile FOLDER]
                 or --reading [--short] [--series FOLDER]
                 or --audit [--short], --search [--short], --soak [--short | --minutes N], --cluster [--short]
  --short    about a minute; proves that everything runs, its figures mean little
  --full     about an hour
  --large    also 4 GB in and out, with the web process's memory
  --only     rows whose name contains TEXT
  --studies  so many to search in
  --ours     our server alone; --peers all but ours
  --profile  CPU profiles of our server into FOLDER
  --reading  instead: a CT opened in a browser, from the worklist to its last slice, on loopback and on a slow link
  --audit    instead: the audit page over a million events of two organisations, and its chains followed
  --search   instead: the same questions to 1,000, 20,000 and 200,000 studies
  --soak     instead: what a clinic does, for 20 minutes: whether memory, descriptors and times stay as they are
  --cluster  instead: one and two web processes, one, two and four workers, on PostgreSQL, Redis and MinIO
  --minutes  for --soak, how long
  --series   for --reading, a folder with the files of one series; without it, made slices
`

const BOOLEAN = { type: 'boolean', default: false } as const
/** Each mode is a flag. */
const MODE_FLAGS = Object.fromEntries(Object.keys(MODES).map((name) => [name, BOOLEAN])) as Readonly<
  Record<keyof typeof MODES, typeof BOOLEAN>
>

/** The whole bench: starts the servers, measures row by row, prints the table and writes the figures as JSON. */
async function main(root: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      ours: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
      studies: { type: 'string' },
      profile: { type: 'string' },
      series: { type: 'string' },
      minutes: { type: 'string' },
      ...MODE_FLAGS,
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  for (const [name, mode] of Object.entries<Mode>(MODES)) {
    if (values[name as keyof typeof MODES] !== true) continue
    const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
    if (minutes !== undefined && !(minutes > 0)) throw new Error('--minutes takes a number of minutes.')
    const result = await mode({ root, isShort: values.short, minutes, series: values.series, say })
    process.stdout.write(`${new Date().toISOString()}, ${machine()}\n${result.text}\n`)
    await writeResult(root, { machine: machine(), mode: name, ...result })
    return
  }
  const named = SIZES[values.short ? 'short' : values.full ? 'full' : 'default']
  const studies = values.studies === undefined ? named.queryStudies : Number(values.studies)
  if (!(Number.isSafeInteger(studies) && studies > 0)) throw new Error('--studies takes a number of studies.')
  const size = withStudies(named, studies)
  const rows = benchRows(size).filter((row) => row.name.includes(values.only ?? ''))
  const client = openClient(join(root, 'dist/bench/client.js'))
  const nodeFlags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const yunying = values.peers ? undefined : await startYunying({ root, nodeFlags })
  const targets: Targets = {
    ...(yunying === undefined ? {} : { yunying }),
    ...(values.ours ? {} : await peers(rows)),
  }
  try {
    const idle = yunying && { memoryBytes: yunying.usage().memoryBytes, webBytes: yunying.residentBytes() }
    // What is read must be there first; what only stores starts empty.
    if (rows.some((row) => row.job(NOBODY, 1).kind === 'get')) await prepare(client, targets, size)
    const measured: MeasuredRow[] = []
    for (const row of rows) {
      say(row.name)
      measured.push(await measureRow(client, targets, row, 1, size))
    }
    const large = values.large && yunying !== undefined ? await measureLarge(client, yunying) : undefined
    const started = Object.values(targets).map(
      (target) =>
        `${target.name} ${target.version}: first answer after ${target.startMs.toFixed(0)} ms, ${megabytes(target.usage().memoryBytes)} MB now`,
    )
    const lines = [
      `${new Date().toISOString()}, size ${size.name}, ${machine()}`,
      ...started,
      ...(idle === undefined
        ? []
        : [
            `Yunying idle: ${megabytes(idle.memoryBytes)} MB in all, ${megabytes(idle.webBytes)} MB the web process`,
          ]),
      '',
      table(measured),
      ...(large === undefined ? [] : ['', large.text]),
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    await writeResult(root, { machine: machine(), size: size.name, started, idle, measured, large })
  } finally {
    client.close()
    for (const target of Object.values(targets)) await target.close()
    await rm(diskFolder(), { recursive: true, force: true })
  }
}

async function peers(rows: readonly Row[]): Promise<Targets> {
  const orthanc = await startOrthanc()
  if (orthanc === undefined) say('Orthanc is not installed; measuring without it')
  const isDurable = rows.some((row) => row.targets.includes('durableOrthanc'))
  const durableOrthanc = isDurable ? await startDurableOrthanc() : undefined
  const instance = Buffer.concat(openInstanceMaker(SIDE)(1, 1))
  const frame = instance.subarray(instance.length - SIDE * SIDE * 2)
  return {
    static: await startStatic({ instance, frame }),
    ...(orthanc === undefined ? {} : { orthanc }),
    ...(durableOrthanc === undefined ? {} : { durableOrthanc }),
  }
}

async function prepare(client: Client, targets: Targets, size: Size): Promise<void> {
  for (const target of [targets.yunying, targets.orthanc]) {
    if (target === undefined) continue
    say(`preparing ${target.name}`)
    for (const job of preparations(size)) {
      const report = await client.run(job(target.endpoint))
      const refused = Object.keys(report.statuses).filter((status) => status !== '200')
      if (refused.length > 0) throw new Error(`${target.name} answered ${refused.join(', ')} to STOW-RS.`)
    }
    await settle(target, size.quiet)
  }
}

async function writeResult(root: string, result: object): Promise<void> {
  const folder = join(root, 'bench/results')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`)
  say(`written to ${file}`)
}

const NOBODY = { host: '', port: 0, headers: {} }

const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.version}`

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0)

const say = (text: string): void => void process.stderr.write(`${text}\n`)

main(process.cwd()).then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
