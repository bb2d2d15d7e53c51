import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LANDING_PAGE, LANDING_SIZE } from '../../../core/ports/object-store.ts'
import { landBody } from '../../../services/http/land-body.ts'

let close: () => Promise<void> = () => Promise.resolve()
afterEach(() => close())

/** Memory as a store lends it. */
const memory = Buffer.from(new SharedArrayBuffer(LANDING_PAGE + LANDING_SIZE))
let lent = 0
beforeEach(() => {
  lent = 0
  memory.fill(0)
})
const objects = {
  land: () => {
    lent++
    return { bytes: memory, release: () => void lent-- }
  },
}

async function openRequest(headers: string): Promise<{ request: IncomingMessage; sender: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1')
  sender.on('error', () => undefined)
  sender.write(`POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n`)
  const [request] = (await once(server, 'request')) as [IncomingMessage]
  close = async () => {
    sender.destroy()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { request, sender }
}

async function landed(body: Buffer, ...cuts: readonly number[]) {
  const { request, sender } = await openRequest(`Content-Length: ${body.length}\r\n`)
  const landing = landBody(request, objects)
  let from = 0
  for (const cut of [...cuts, body.length]) {
    sender.write(body.subarray(from, cut))
    from = cut
    await sleep(20)
  }
  return landing
}

const HEAD = Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n')
const object = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))

describe('landBody', () => {
  it('has the whole body behind a line end, its first object at the beginning of a page', async () => {
    const body = Buffer.concat([HEAD, object])
    const whole = await landed(body)
    expect(whole?.bytes.equals(Buffer.concat([Buffer.from('\r\n'), body]))).toBe(true)
    expect(memory.subarray(LANDING_PAGE, LANDING_PAGE + object.length).equals(object)).toBe(true)
    expect(lent).toBe(1)
    whole?.release()
    expect(lent).toBe(0)
  })

  it.each([
    ['in many pieces', Buffer.concat([HEAD, object]), [HEAD.length, 70_000, 70_001]],
    ['whose head comes in two', Buffer.concat([HEAD, object]), [10]],
    ['without a head', object, []],
    ['with a head longer than a page', Buffer.concat([Buffer.alloc(5000, 65), HEAD, object]), []],
    ['with a head as long as a page', Buffer.concat([Buffer.alloc(4096 - HEAD.length, 65), HEAD]), []],
    ['of no bytes', Buffer.alloc(0), []],
    ['as long as there is room', Buffer.alloc(LANDING_SIZE, 7), []],
  ])('takes a body %s', async (_what, body, cuts) => {
    const whole = await landed(body, ...cuts)
    expect(whole?.bytes.equals(Buffer.concat([Buffer.from('\r\n'), body]))).toBe(true)
  })

  it.each([
    ['that is longer', `Content-Length: ${LANDING_SIZE + 1}\r\n`],
    ['whose length nobody says', 'Transfer-Encoding: chunked\r\n'],
  ])('leaves a body %s', async (_what, headers) => {
    const { request } = await openRequest(headers)
    expect(await landBody(request, objects)).toBeUndefined()
    expect([lent, request.readableFlowing]).toEqual([0, null])
  })

  it('leaves it where the store has no memory, or none left', async () => {
    const { request } = await openRequest('Content-Length: 10\r\n')
    expect(await landBody(request, { land: () => undefined })).toBeUndefined()
    expect(request.readableFlowing).toBeNull()
  })

  it('gives the memory back when the sender goes away', async () => {
    const { request, sender } = await openRequest('Content-Length: 1000\r\n')
    const landing = landBody(request, objects)
    sender.write('a little')
    await sleep(50)
    expect(lent).toBe(1)
    sender.destroy()
    await expect(landing).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(lent).toBe(0)
  })
})
