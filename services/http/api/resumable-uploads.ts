import { randomUUID } from 'node:crypto'
import { mkdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type Koa from 'koa'
import type { Principal } from '../../../core/access/principal.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { leftOf } from '../../../core/organisations/storage-room.ts'
import { isYunyingError, unavailable } from '../../../core/errors.ts'
import type { Pacs } from '../../../core/pacs.ts'
import { chargeStore, type Limits } from '../limits.ts'
import { drainRequest, requestBytes } from '../request-bytes.ts'
import type { SignedInContext } from '../route.ts'
import { uploadResult } from './upload-result.ts'

export const RESUMABLE_PATH = '/api/uploads/resumable'

const LARGEST_FILE = 64 * 2 ** 30
/** What was not finished by then is given up. */
const KEPT_MS = 3 * 86_400_000
const RETRY_AFTER_SECONDS = 5
const SWEEP_EVERY_MS = 3_600_000

/** What a hook of the tus server throws to be answered so. */
interface TusFault {
  readonly status_code: number
  readonly body: string
}

/**
 * Large files, in pieces that survive a broken connection (tus 1.0.0). The pieces lie in the data folder of this process
 * until the file is whole; then it is stored as any other instance is, the answer of the last piece is its result, and
 * the pieces are removed. An upload belongs to whoever began it: its name says who, and to others it does not exist.
 */
export function createResumableUploads(
  pacs: Pacs,
  limits: Limits,
): {
  handle(context: SignedInContext): Promise<void>
} {
  const folder = join(pacs.config.dataFolder, 'uploads')
  const askedBy = new WeakMap<Request, SignedInContext>()
  const retryAfter = new WeakMap<Request, number>()
  /** Whole files that are being stored now. */
  const storing = new Set<string>()
  let opened: Promise<Server> | undefined
  let sweptAt = 0

  const open = (): Promise<Server> => {
    opened ??= openServer().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  async function openServer(): Promise<Server> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const files = new FileStore({ directory: folder, expirationPeriodInMilliseconds: KEPT_MS })
    return new Server({
      path: RESUMABLE_PATH,
      datastore: files,
      relativeLocation: true,
      maxSize: LARGEST_FILE,
      namingFunction: (request) => `${ownerOf(askedBy.get(request)?.principal)}.${randomUUID()}`,
      onIncomingRequest: async (request, id) => {
        if (!id.startsWith(`${ownerOf(askedBy.get(request)?.principal)}.`)) throw NO_SUCH_UPLOAD
        if (storing.has(id)) throw STILL_STORING
        if (request.method === 'HEAD') await askForLastByte(files, id)
      },
      onUploadCreate: async (request, upload) => {
        const principal = askedBy.get(request)?.principal
        if (principal === undefined) throw NO_SUCH_UPLOAD
        const room = leftOf(await pacs.ingest.rooms.of(principal.organisationId))
        if (room < (upload.size ?? 1)) throw NO_ROOM
        return {}
      },
      onUploadFinish: async (request, upload) => {
        const asked = askedBy.get(request)
        if (asked === undefined) throw NO_SUCH_UPLOAD
        const { principal, spender } = asked
        storing.add(upload.id)
        try {
          const bytes = exactly(files.read(upload.id), upload.size)
          const answer = await chargeStore(
            limits,
            spender,
            storeInstance(pacs, principal, { bytes, source: 'upload', size: upload.size }),
          )
          await files.remove(upload.id)
          const body = JSON.stringify(uploadResult('0', answer))
          return { status_code: 200, headers: { 'Content-Type': 'application/json' }, body }
        } finally {
          storing.delete(upload.id)
        }
      },
      onResponseError: (request, error) => {
        if (!(error instanceof Error)) return undefined
        if (isYunyingError(error) && error.kind === 'unavailable') {
          retryAfter.set(request, error.retryAfterSeconds ?? RETRY_AFTER_SECONDS)
          return { status_code: 503, body: error.message }
        }
        pacs.log.error({ err: error }, 'a resumable upload failed')
        return { status_code: 500, body: 'Something went wrong here. Try again.' }
      },
    })
  }

  async function sweep(server: Server): Promise<void> {
    if (pacs.clock.now() - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = pacs.clock.now()
    const removed = await server.cleanUpExpiredUploads()
    if (removed > 0) pacs.log.info({ removed }, 'unfinished uploads were given up')
  }

  return {
    async handle(context) {
      const { ctx, principal, spender } = context
      if (ctx.method === 'POST') await limits.uploads.spend(principal, spender)
      const server = await open()
      if (ctx.method === 'POST') await sweep(server)
      const request = webRequest(ctx)
      askedBy.set(request, context)
      const response = await server.handleWeb(request)
      const wait = retryAfter.get(request)
      if (wait !== undefined) ctx.set('Retry-After', String(wait))
      await answer(ctx, response)
    },
  }
}

const NO_SUCH_UPLOAD: TusFault = { status_code: 404, body: 'There is no such upload. Begin a new one.' }
/** Before anything is sent that could not be kept. */
const NO_ROOM: TusFault = {
  status_code: 413,
  body: 'The organisation keeps as much as it may. Its administrator can ask the operator for more room.',
}
const STILL_STORING: TusFault = { status_code: 423, body: 'This file is being stored. Ask again soon.' }

/** Nobody is named `system`: only people upload. */
const ownerOf = (principal: Principal | undefined): string =>
  principal?.kind === 'user' ? principal.userId : 'system'

/**
 * A file that is whole and still here was not stored: the archive was stopped, or a part of it did not answer. A client
 * that asks how far it is must send something to get the answer of storing, so the last byte is asked for again.
 */
async function askForLastByte(files: FileStore, id: string): Promise<void> {
  const { offset, size } = await files.getUpload(id)
  if (size !== undefined && size > 0 && offset === size) await truncate(join(files.directory, id), size - 1)
}

/** A request that asks how far the file is may have cut it in the very moment it was whole: then it is not taken for whole. */
async function* exactly(
  bytes: AsyncIterable<Uint8Array>,
  size: number | undefined,
): AsyncGenerator<Uint8Array> {
  let seen = 0
  for await (const chunk of bytes) {
    seen += chunk.length
    yield chunk
  }
  if (seen !== size)
    throw unavailable('upload-interrupted', 'Another request interrupted this upload. Go on.')
}

function webRequest(ctx: Koa.Context): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    // HTTP/2 has the method and the address among them.
    if (value !== undefined && !name.startsWith(':'))
      headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  const init = { method: ctx.method, headers }
  const url = `http://localhost${ctx.path}`
  if (ctx.method !== 'POST' && ctx.method !== 'PATCH') return new Request(url, init)
  const body = Readable.toWeb(Readable.from(requestBytes(ctx.req), { objectMode: false }))
  return new Request(url, {
    ...init,
    body: body as ReadableStream<Uint8Array>,
    duplex: 'half',
  } as RequestInit)
}

const codeOf = (status: number, text: string): string => {
  if (text === NO_ROOM.body) return 'quota-exceeded'
  return status === 503 ? 'archive-unavailable' : `upload-refused-${status}`
}

/** Hands the answer of the tus server on; a fault as `application/problem+json`, like all others. */
async function answer(ctx: Koa.Context, response: Response): Promise<void> {
  if (response.status >= 400) drainRequest(ctx)
  for (const [name, value] of response.headers) {
    if (!name.startsWith('access-control-') && name !== 'content-length') ctx.set(name, value)
  }
  ctx.status = response.status
  ctx.set('Cache-Control', 'no-store')
  const text = await response.text()
  if (response.status < 400) {
    ctx.body = text === '' ? null : text
    if (text === '') ctx.status = response.status
    return
  }
  ctx.type = 'application/problem+json'
  ctx.body = JSON.stringify({
    type: 'about:blank',
    title: 'The upload cannot go on so',
    status: response.status,
    code: codeOf(response.status, text),
    detail: text.trim(),
  })
}
