import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type Koa from 'koa'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

interface StaticFile {
  readonly path: string
  readonly type: string
  readonly etag: string
  /** Content encodings that were made by the build, best first. */
  readonly encodings: readonly { readonly name: 'br' | 'gzip'; readonly path: string }[]
}

/** The built viewer: files by path, and the page for every address of the application. */
export interface StaticFiles {
  /** Answers the request and returns true, or returns false when there is no such file. */
  serve(ctx: Koa.Context): Promise<boolean>
  /** The application's page: for addresses that the viewer's own router knows. */
  servePage(ctx: Koa.Context): Promise<void>
}

/** Lists the folder once: only what was built can be served, whatever the path says. */
export async function openStaticFiles(folder: string): Promise<StaticFiles> {
  const files = await listFiles(folder)
  const page = files.get('/index.html')
  return {
    async serve(ctx) {
      const file = ctx.path === '/' ? page : files.get(ctx.path)
      if (file === undefined || file === page) {
        if (file === undefined) return false
        await send(ctx, file, 'no-cache')
        return true
      }
      const immutable = ctx.path.startsWith('/assets/')
      await send(ctx, file, immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      return true
    },
    async servePage(ctx) {
      if (page === undefined) {
        ctx.status = 503
        ctx.body = 'The viewer is not built. Run `npm run build`.'
        return
      }
      await send(ctx, page, 'no-cache')
    },
  }
}

async function send(ctx: Koa.Context, file: StaticFile, cacheControl: string): Promise<void> {
  ctx.set('Cache-Control', cacheControl)
  ctx.vary('Accept-Encoding')
  // Ours, not the browser's order: all that it takes is worth the same to it, and it names gzip first.
  const chosen = file.encodings.find(({ name }) => ctx.acceptsEncodings(name) === name)
  ctx.set('ETag', `"${file.etag}${chosen === undefined ? '' : `-${chosen.name}`}"`)
  ctx.type = file.type
  ctx.status = 200
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  const path = chosen?.path ?? file.path
  if (chosen !== undefined) ctx.set('Content-Encoding', chosen.name)
  ctx.length = (await stat(path)).size
  ctx.body = ctx.method === 'HEAD' ? null : createReadStream(path)
}

async function listFiles(folder: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  const paths = new Set(
    entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
  )
  for (const path of paths) {
    const type = TYPES[extname(path)]
    if (type === undefined) continue
    const encodings = (
      [
        ['br', '.br'],
        ['gzip', '.gz'],
      ] as const
    )
      .filter(([, suffix]) => paths.has(path + suffix))
      .map(([name, suffix]) => ({ name, path: path + suffix }))
    files.set(`/${relative(folder, path).split(sep).join('/')}`, {
      path,
      type,
      etag: await fingerprint(path),
      encodings,
    })
  }
  return files
}

async function fingerprint(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('base64url')
    .slice(0, 22)
}
