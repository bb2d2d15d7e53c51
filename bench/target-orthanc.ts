import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { residentBytes, usageOf } from './process-usage.ts'
import { end, freePort, installed, untilAnswers, type Target } from './target.ts'

const run = promisify(execFile)
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so'

/** Orthanc with its DICOMweb plugin, near its defaults, without authentication; undefined where it is not installed. */
export async function startOrthanc(): Promise<Target | undefined> {
  const program = installed('/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc')
  if (program === undefined || installed(PLUGIN) === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'bench-orthanc-'))
  const port = await freePort()
  await mkdir(join(folder, 'db'))
  await writeFile(
    join(folder, 'orthanc.json'),
    JSON.stringify({
      Name: 'bench',
      HttpPort: port,
      DicomPort: await freePort(),
      StorageDirectory: join(folder, 'db'),
      IndexDirectory: join(folder, 'db'),
      Plugins: [PLUGIN],
      AuthenticationEnabled: false,
      RemoteAccessAllowed: false,
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  )
  const began = performance.now()
  const child = spawn(program, [join(folder, 'orthanc.json')], {
    env: { ...process.env, TCP_NODELAY: '1' },
    cwd: folder,
    stdio: 'ignore',
  })
  const startMs = await untilAnswers(`http://127.0.0.1:${port}/system`, began)
  const { stdout } = await run(program, ['--version'])
  const pid = child.pid ?? 0
  return {
    name: 'Orthanc',
    version: /Orthanc (\S+)/.exec(stdout)?.[1] ?? 'unknown',
    endpoint: { host: '127.0.0.1', port, headers: {} },
    startMs,
    usage: () => usageOf(pid, folder),
    residentBytes: () => residentBytes(pid),
    close: async () => {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
