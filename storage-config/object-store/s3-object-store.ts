import { createHash } from 'node:crypto'
import { Client } from 'minio'
import { chunksOf } from '../../core/chunks-of.ts'
import { YunyingError, notFound, unavailable } from '../../core/errors.ts'
import type { ObjectKey, ObjectStore, StoredObject } from '../../core/ports/object-store.ts'
import { parseS3Location } from './s3-location.ts'
import { createS3Transport, readBody } from './s3-transport.ts'

/** Up to this size an object goes up in one request, above in parts of it; 10,000 parts make 80 GiB. Bytes. */
const PART = 8 * 2 ** 20
const CHECK_MS = 3_000

/** Objects in an S3 bucket. The bucket is made when it is missing; a server that is down now may come later. */
export async function openS3ObjectStore(url: string): Promise<ObjectStore> {
  const location = parseS3Location(url)
  const { bucket, region } = location
  const { transport, agent } = createS3Transport(location.tls)
  const client = new Client({
    endPoint: location.host,
    ...(location.port === undefined ? {} : { port: location.port }),
    useSSL: location.tls,
    accessKey: location.accessKey,
    secretKey: location.secretKey,
    region,
    pathStyle: location.pathStyle,
    transport,
    transportAgent: agent,
    // Its own retries write to the console and send a consumed stream again; ours are below.
    retryOptions: { disableRetry: true },
  })

  async function ensureBucket(): Promise<void> {
    if (!(await ask(() => client.bucketExists(bucket)))) await ask(() => client.makeBucket(bucket, region))
  }

  async function putParts(key: string, parts: AsyncIterator<Buffer>, first: Buffer, contentType: string) {
    const headers = { 'Content-Type': contentType }
    const uploadID = await ask(() => client.initiateNewMultipartUpload(bucket, key, headers))
    try {
      const done: { part: number; etag: string }[] = []
      const hash = createHash('sha256')
      let size = 0
      for (let payload = first; ;) {
        const config = {
          bucketName: bucket,
          objectName: key,
          uploadID,
          partNumber: done.length + 1,
          headers: {},
        }
        const { etag } = await ask(() => client.uploadPart(config, payload))
        done.push({ part: done.length + 1, etag })
        size += payload.length
        hash.update(payload)
        const next = await parts.next()
        if (next.done === true) break
        payload = next.value
      }
      await ask(() => client.completeMultipartUpload(bucket, key, uploadID, done))
      return { size, sha256: hash.digest('hex') }
    } catch (error) {
      // What this leaves behind, sweepUnfinished removes.
      await ask(() => client.abortMultipartUpload(bucket, key, uploadID)).catch(() => undefined)
      throw error
    }
  }

  const open = (key: ObjectKey, offset: number, length: number) =>
    ask(() => client.getPartialObject(bucket, key, offset, length)).catch((error: unknown) => {
      // The range begins at or after the end.
      if (codeOf(error) === 'InvalidRange') return undefined
      throw error
    })

  async function check(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(down()), CHECK_MS)
    })
    await Promise.race([ensureBucket(), late]).finally(() => clearTimeout(timer))
  }

  await check().catch((error: unknown) => {
    if (!(error instanceof YunyingError)) throw error
  })

  return {
    async put(key, bytes, options = {}) {
      const parts = piecesOf(bytes, PART)
      const contentType = options.contentType ?? 'application/octet-stream'
      try {
        const first = await parts.next()
        const payload = first.done === true ? Buffer.alloc(0) : first.value
        if (payload.length === PART) return await putParts(key, parts, payload, contentType)
        await ask(() =>
          client.putObject(bucket, key, payload, payload.length, { 'Content-Type': contentType }),
        )
        return { size: payload.length, sha256: createHash('sha256').update(payload).digest('hex') }
      } finally {
        await parts.return(undefined)
      }
    },

    async stream(key, range, signal) {
      if (range?.length === 0) return chunksOf()
      const body = await open(key, range?.offset ?? 0, range?.length ?? 0)
      return body === undefined ? chunksOf() : readBody(body, translate, signal)
    },

    async read(key, range) {
      if (range?.length === 0) return Buffer.alloc(0)
      // A connection that broke on the way costs one more try: the bytes of a key never change.
      return ask(async () => {
        const body = await open(key, range?.offset ?? 0, range?.length ?? 0)
        const chunks: Uint8Array[] = []
        if (body !== undefined) for await (const chunk of readBody(body, asItIs)) chunks.push(chunk)
        return Buffer.concat(chunks)
      })
    },

    async readInto(key, offset, target) {
      if (target.length === 0) return 0
      return ask(async () => {
        const body = await open(key, offset, target.length)
        let filled = 0
        if (body !== undefined) {
          for await (const chunk of readBody(body, asItIs)) {
            target.set(chunk, filled)
            filled += chunk.length
          }
        }
        return filled
      })
    },

    // What is sent is another's to keep.
    land: () => undefined,

    async head(key) {
      try {
        const { size, lastModified } = await ask(() => client.statObject(bucket, key))
        return { key, size, modifiedAt: lastModified.getTime() }
      } catch (error) {
        if (error instanceof YunyingError && error.kind === 'not-found') return undefined
        throw error
      }
    },

    async delete(key) {
      await ask(() => client.removeObject(bucket, key))
    },

    async *list(prefix) {
      for await (const item of translated(client.listObjectsV2(bucket, prefix, true))) {
        if (item.name === undefined) continue
        const found: StoredObject = {
          key: item.name as ObjectKey,
          size: item.size,
          modifiedAt: item.lastModified.getTime(),
        }
        yield found
      }
    },

    async sweepUnfinished(olderThanMs) {
      let removed = 0
      const before = Date.now() - olderThanMs
      for (let key = '', id = ''; ;) {
        const page = await ask(() => client.listIncompleteUploadsQuery(bucket, '', key, id, ''))
        for (const upload of page.uploads) {
          if (new Date(upload.initiated).getTime() > before) continue
          await ask(() => client.abortMultipartUpload(bucket, upload.key, upload.uploadId))
          removed++
        }
        if (!page.isTruncated) return removed
        key = page.nextKeyMarker
        id = page.nextUploadIdMarker
      }
    },

    // A bucket has no end that it would tell of.
    room: () => Promise.resolve(undefined),
    check,
    close: () => Promise.resolve(agent.destroy()),
  }
}

/** What the source yields, put together to pieces of exactly `size` bytes, the last one shorter. */
async function* piecesOf(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, undefined> {
  let chunks: Uint8Array[] = []
  let length = 0
  for await (let chunk of bytes) {
    while (length + chunk.length >= size) {
      chunks.push(chunk.subarray(0, size - length))
      chunk = chunk.subarray(size - length)
      yield Buffer.concat(chunks)
      chunks = []
      length = 0
    }
    if (chunk.length > 0) chunks.push(chunk)
    length += chunk.length
  }
  if (length > 0) yield Buffer.concat(chunks)
  return undefined
}

async function* translated<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items
  } catch (error) {
    throw translate(error)
  }
}

/** Once more when a kept connection turned out to be closed; every request here may be sent twice. */
async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    if (!['ECONNRESET', 'EPIPE'].includes(codeOf(error))) throw translate(error)
  }
  try {
    return await request()
  } catch (error) {
    throw translate(error)
  }
}

/** For `ask`, which looks at what it was before it translates. */
const asItIs = (error: unknown): unknown => error

const codeOf = (error: unknown): string => {
  const fault = error instanceof YunyingError ? error.cause : error
  return fault instanceof Error ? ((fault as NodeJS.ErrnoException).code ?? '') : ''
}

const down = (cause?: unknown): YunyingError =>
  unavailable('object-store-unavailable', 'The object store does not answer. Try again in a moment.', cause)

function translate(error: unknown): unknown {
  if (error instanceof YunyingError) return error
  if (['NoSuchKey', 'NotFound', 'NoSuchVersion'].includes(codeOf(error))) {
    return notFound('object-not-found', 'The object is not in the store.')
  }
  return down(error)
}
