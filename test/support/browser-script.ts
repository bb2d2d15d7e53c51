import { createServer } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { build } from 'vite'
import { aliases } from '../../viewer/aliases.ts'

/** A page that runs one script of ours, built as the viewer is, with what the test answers beside it. */
export interface ScriptPage {
  readonly url: string
  close(): Promise<void>
}

export interface Answer {
  readonly type: string
  readonly body: Uint8Array
}

/** An answer of the test's own, by path and Accept header; undefined: there is none. */
export type Answers = (path: string, accept: string) => Promise<Answer | undefined>

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' }

/** Builds the script (its workers too) and serves it. */
export async function servePageOf(script: string, answers: Answers): Promise<ScriptPage> {
  const folder = await mkdtemp(join(tmpdir(), 'yunying-page-'))
  await build({
    configFile: false,
    root: join(import.meta.dirname, '../../viewer'),
    logLevel: 'error',
    resolve: { alias: aliases },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { input: script, output: { entryFileNames: 'page.js' } },
    },
  })
  const built = async (path: string): Promise<Answer | undefined> => {
    if (path === '/')
      return { type: 'text/html', body: Buffer.from('<script type="module" src="/page.js"></script>') }
    const type = TYPES[extname(path)]
    return type === undefined ? undefined : { type, body: await readFile(join(folder, path)) }
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname
    void answers(path, request.headers.accept ?? '')
      .then((own) => own ?? built(path))
      .then(
        (answer) => {
          if (answer === undefined) {
            response.writeHead(404, { 'Content-Type': 'text/plain' })
            response.end()
            return
          }
          const { body } = answer
          const [from, to] = rangeOf(request.headers.range, body.length)
          const isPart = from > 0 || to < body.length
          response.writeHead(isPart ? 206 : 200, {
            'Content-Type': answer.type,
            ETag: `"${body.length}"`,
            ...(isPart ? { 'Content-Range': `bytes ${from}-${to - 1}/${body.length}` } : {}),
          })
          response.end(body.subarray(from, to))
        },
        (error: unknown) => {
          response.writeHead(400)
          response.end(String(error))
        },
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function rangeOf(header: string | undefined, size: number): readonly [number, number] {
  const [, from, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? []
  return [Number(from ?? 0), last === undefined || last === '' ? size : Math.min(size, Number(last) + 1)]
}
