import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** A link as it is between a server and somebody far away. */
export interface SlowLink {
  readonly port: number
  /** Bytes that came over it to the client. */
  bytes(): number
  close(): Promise<void>
}

/** What a packet carries: a link gives its turns to connections by these. Bytes. */
const PACKET = 1460

interface Piece {
  readonly bytes: Buffer
  /** When it may be there at the earliest: it was sent, and is on its way. */
  readonly from: number
}

/**
 * A proxy in front of a server: all connections together get so much, in turn, and every byte is late by half a round trip.
 * Unlike a browser's own emulation it is in the way of whatever the page does: its workers, its images, its new connections.
 * Lost packets and a slow start of TCP are not imitated.
 *
 * @param options.bytesPerMs towards the client
 * @param options.roundTripMs milliseconds
 */
export async function openSlowLink(
  port: number,
  options: { readonly bytesPerMs: number; readonly roundTripMs: number },
): Promise<SlowLink> {
  const half = options.roundTripMs / 2
  const queues = new Map<Socket, Piece[]>()
  const sockets = new Set<Socket>()
  let came = 0
  /** What may be sent now, bytes; saved up for a few milliseconds where this process was late. */
  let credit = 0
  let last = performance.now()

  const turn = setInterval(() => {
    const now = performance.now()
    credit = Math.min(credit + (now - last) * options.bytesPerMs, 20 * options.bytesPerMs)
    last = now
    for (let sent = true; sent && credit > 0;) {
      sent = false
      for (const [client, pieces] of queues) {
        const piece = pieces[0]
        if (piece === undefined || piece.from > now || credit <= 0) continue
        const bytes = piece.bytes.subarray(0, PACKET)
        if (bytes.length < piece.bytes.length) pieces[0] = { ...piece, bytes: piece.bytes.subarray(PACKET) }
        else pieces.shift()
        if (!client.destroyed) client.write(bytes)
        credit -= bytes.length
        came += bytes.length
        sent = true
      }
    }
    // A link that had nothing to do is not quicker afterwards.
    if (credit > 0) credit = Math.min(credit, options.bytesPerMs)
    for (const [client, pieces] of queues) if (pieces.length < 64) upstreams.get(client)?.resume()
  }, 1)

  const upstreams = new Map<Socket, Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true })
    const pieces: Piece[] = []
    queues.set(client, pieces)
    upstreams.set(client, upstream)
    sockets.add(client).add(upstream)
    // The first byte waits for the handshake, too: a whole round trip, then its own way.
    let wait = options.roundTripMs + half
    client.on('data', (bytes) => {
      setTimeout(() => upstream.destroyed || upstream.write(bytes), wait)
      wait = half
    })
    upstream.on('data', (bytes: Buffer) => {
      pieces.push({ bytes, from: performance.now() + half })
      if (pieces.length > 128) upstream.pause()
    })
    const end = (): void => {
      queues.delete(client)
      upstreams.delete(client)
      sockets.delete(client)
      sockets.delete(upstream)
      client.destroy()
      upstream.destroy()
    }
    client.on('error', end).on('close', end)
    // What is on its way still arrives.
    upstream.on('error', end).on('close', () => {
      const drained = setInterval(() => {
        if (pieces.length > 0 && !client.destroyed) return
        clearInterval(drained)
        client.end()
      }, 5)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => came,
    async close() {
      clearInterval(turn)
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
