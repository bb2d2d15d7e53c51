import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { residentBytes, usageOf } from './process-usage.ts'
import { end, freePort, installed, untilAnswers, type Target } from './target.ts'

/** The wire's limit: the same bytes from one file, by nginx (sendfile) where it is installed, else by a bare Node server. */
export async function startStatic(files: Readonly<Record<string, Buffer>>): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-static-'))
  const port = await freePort()
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
  const nginx = installed('/usr/sbin/nginx', '/usr/bin/nginx')
  const began = performance.now()
  const child = nginx === undefined ? startBareNode(folder, port) : await startNginx(nginx, folder, port)
  const startMs = await untilAnswers(`http://127.0.0.1:${port}/${Object.keys(files)[0] ?? ''}`, began)
  const pid = child.pid ?? 0
  return {
    name: nginx === undefined ? 'bare Node' : 'nginx',
    version: nginx === undefined ? process.version : '',
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

async function startNginx(program: string, folder: string, port: number): Promise<ChildProcess> {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n')
  await writeFile(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')};
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  ${paths}
  server { listen 127.0.0.1:${port}; root ${folder}; }
}
`,
  )
  return spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf')], { cwd: folder, stdio: 'ignore' })
}

const BARE_NODE = `
const { readFileSync } = require('node:fs')
const kept = new Map()
require('node:http').createServer((request, response) => {
  const name = request.url.slice(1)
  if (!kept.has(name)) kept.set(name, readFileSync(name))
  response.end(kept.get(name))
}).listen(Number(process.argv[1]), '127.0.0.1')
`

function startBareNode(folder: string, port: number): ChildProcess {
  return spawn(process.execPath, ['-e', BARE_NODE, String(port)], { cwd: folder, stdio: 'ignore' })
}
