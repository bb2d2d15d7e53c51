import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { drainRequest, requestBytes } from '../../../services/http/request-bytes.ts'
import type Koa from 'koa'

let close: () => Promise<void> = () => Promise.resolve()
afterEach(() => close())

/** A request under way: what the server has of it, and the sender's side of the connection. */
async function openRequest(
  length: number,
): Promise<{ request: IncomingMessage; response: ServerResponse; sender: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1')
  sender.on('error', () => undefined)
  sender.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`)
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  close = async () => {
    sender.destroy()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { request, response, sender }
}

async function sizeOf(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const chunk of bytes) size += chunk.length
  return size
}

describe('requestBytes', () => {
  it('gives every byte, in order, to a reader who is slower than the sender', async () => {
    const body = Buffer.from(Array.from({ length: 3 << 20 }, (_, index) => index % 251))
    const { request, sender } = await openRequest(body.length)
    sender.write(body)
    const read: Uint8Array[] = []
    for await (const chunk of requestBytes(request)) {
      read.push(chunk)
      if (read.length % 8 === 0) await sleep(1)
    }
    expect(Buffer.concat(read).equals(body)).toBe(true)
  })

  it('lets the sender wait when nobody reads', async () => {
    const { request, sender } = await openRequest(1 << 28)
    const bytes = requestBytes(request)
    let sent = 0
    const send = (): void => {
      while (sent < 1 << 28 && sender.write(Buffer.alloc(1 << 20))) sent += 1 << 20
    }
    sender.on('drain', send)
    send()
    await bytes.next()
    for (let before = -1; before !== sent; await sleep(100)) before = sent
    // What the system's own buffers hold, and half a mebibyte.
    expect(sent).toBeLessThan(32 << 20)
    await bytes.return?.()
  })

  it('cuts a sender who is silent, and no one while the reader is busy', async () => {
    const { request, sender } = await openRequest(10)
    const bytes = requestBytes(request, 500)
    sender.write('12345')
    await bytes.next()
    await sleep(1_000)
    sender.write('678')
    expect((await bytes.next()).done).toBe(false)
    await expect(bytes.next()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('tells when the connection is cut between two chunks', async () => {
    const { request, sender } = await openRequest(10)
    sender.write('12345')
    const size = sizeOf(requestBytes(request))
    await sleep(20)
    sender.destroy()
    await expect(size).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('leaves a request that was read in part to be answered', async () => {
    const { request, response, sender } = await openRequest(4 << 20)
    const bytes = requestBytes(request)
    sender.write(Buffer.alloc(1 << 20))
    await bytes.next()
    await bytes.return?.()
    drainRequest({ req: request, set: () => undefined } as unknown as Koa.Context)
    sender.write(Buffer.alloc(3 << 20))
    await once(request, 'end')
    response.end('read')
    const [answer] = (await once(sender, 'data')) as [Buffer]
    expect(answer.toString()).toContain('read')
  })
})
