// Builds what runs: the server (one bundle an entry point, packages stay in node_modules) and the viewer.
// Each part is built only when its sources changed since its stamp was written.
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const SERVER = {
  name: 'server',
  sources: ['core', 'services', 'workers', 'storage-config', 'package-lock.json', 'scripts/build.mjs'],
  output: 'dist/services/main.js',
}
const VIEWER = {
  name: 'viewer',
  sources: ['viewer', 'core', 'package-lock.json', 'scripts/build.mjs'],
  output: 'dist/viewer/index.html',
}

/** Bundles the server's entry points into dist/. */
export async function buildServer() {
  await unlessFresh(SERVER, async () => {
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: root,
      entryPoints: {
        'services/main': 'services/main.ts',
        'workers/main': 'workers/main.ts',
        'workers/codec/codec-thread': 'workers/codec/codec-thread.ts',
        'storage-config/write-thread': 'storage-config/object-store/write-thread.ts',
        cli: 'services/cli/main.ts',
      },
      outdir: 'dist',
      bundle: true,
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      packages: 'external',
      sourcemap: true,
      logLevel: 'warning',
    })
  })
}

/** Builds the viewer into dist/viewer with Vite. */
export async function buildViewer() {
  await unlessFresh(VIEWER, async () => {
    console.error('Building the viewer (once; about half a minute) …')
    const { build } = await import('vite')
    // Whoever builds, a test runner too: what is tested is what runs, not React's development build.
    const { NODE_ENV } = process.env
    process.env.NODE_ENV = 'production'
    try {
      await build({ configFile: join(root, 'viewer/vite.config.ts'), logLevel: 'error' })
    } finally {
      if (NODE_ENV === undefined) delete process.env.NODE_ENV
      else process.env.NODE_ENV = NODE_ENV
    }
  })
}

async function unlessFresh(part, make) {
  const stamp = join(root, 'dist', `.${part.name}.stamp`)
  const fingerprint = fingerprintOf(part.sources)
  const fresh = () =>
    existsSync(join(root, part.output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint
  if (fresh()) return
  mkdirSync(dirname(stamp), { recursive: true })
  await withBuildLock(part.name, async () => {
    if (fresh()) return
    await make()
    writeFileSync(stamp, fingerprint)
  })
}

/** One build at a time: a web process and its workers may all start on a fresh clone at once. */
async function withBuildLock(name, work) {
  const lock = join(root, 'dist', `.${name}.lock`)
  for (;;) {
    try {
      const handle = openSync(lock, 'wx')
      writeFileSync(handle, String(process.pid))
      closeSync(handle)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!isAlive(lock)) rmSync(lock, { force: true })
      else await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Whether the process that holds the lock still runs; an empty lock is being written. */
function isAlive(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs < 5000
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function fingerprintOf(sources) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name))
      return
    }
    hash.update(`${relative(root, path)}:${stat.size}:${stat.mtimeMs}\n`)
  }
  for (const source of sources) visit(join(root, source))
  return hash.digest('hex')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildServer()
  await buildViewer()
}
