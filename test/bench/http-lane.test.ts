import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { HttpLane } from '../../bench/http-lane.ts'

const request = { chunks: [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')], keepBody: true }

describe('HttpLane', () => {
  let cleanUp: (() => void) | undefined
  afterEach(() => cleanUp?.())

  /** A server that answers each request with these pieces, apart. */
  async function laneTo(pieces: readonly string[], after?: (socket: Socket) => void): Promise<HttpLane> {
    const server = createServer((socket) => {
      socket.setNoDelay(true)
      socket.on('data', () => {
        void (async () => {
          for (const piece of pieces) {
            socket.write(piece)
            await new Promise((resolve) => setTimeout(resolve, 2))
          }
          after?.(socket)
        })()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const lane = new HttpLane('127.0.0.1', typeof address === 'object' ? (address?.port ?? 0) : 0)
    cleanUp = () => {
      lane.close()
      server.close()
    }
    return lane
  }

  it('reads an answer with a length, in pieces, and the next one on the same connection', async () => {
    const lane = await laneTo(['HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 5\r\n\r\nhe', 'llo'])
    for (let time = 0; time < 2; time++) {
      const answer = await lane.send(request)
      expect([answer.status, answer.bytes, answer.body?.toString()]).toEqual([200, 5, 'hello'])
    }
  })

  it('reads chunks that are cut anywhere', async () => {
    const text =
      'HTTP/1.1 206 Partial\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n'
    for (let cut = 50; cut < text.length; cut += 3) {
      const lane = await laneTo([text.slice(0, cut), text.slice(cut)])
      const answer = await lane.send(request)
      expect([answer.status, answer.body?.toString()]).toEqual([206, 'hello!'])
      cleanUp?.()
    }
  })

  it('reads a body that ends with its connection', async () => {
    const lane = await laneTo(['HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab', 'cd'], (socket) =>
      socket.end(),
    )
    expect((await lane.send(request)).body?.toString()).toBe('abcd')
  })

  it('rejects when the connection breaks in the middle', async () => {
    const lane = await laneTo(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'], (socket) =>
      socket.destroy(),
    )
    await expect(lane.send(request)).rejects.toThrow()
  })
})
