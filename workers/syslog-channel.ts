import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { AuditChannel } from '../core/audit/forward-audit.ts'
import type { SyslogAddress } from '../core/audit/syslog-address.ts'
import { readSyslogCredentials } from '../core/audit/syslog-credentials.ts'
import { unavailable } from '../core/errors.ts'

const CONNECT_MS = 10_000
/** A receiver that takes nothing for so long is as good as gone. */
const TAKE_MS = 30_000
/** A receiver that fails over what it was sent has gone away by then, and did not end in order. */
const LINGER_MS = 250
const END_MS = 10_000

/**
 * Connects to a receiver of syslog, and knows who it is: its certificate has its name and an authority behind it. Errors:
 * kind 'unavailable' code 'syslog-unavailable'. Source: RFC 5425.
 */
export async function openSyslogChannel(address: SyslogAddress, signal: AbortSignal): Promise<AuditChannel> {
  const socket = connectTo(address)
  const gone = failureOf(socket)
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)])
    await once(socket, address.tls === undefined ? 'connect' : 'secureConnect', { signal: patience })
  } catch (error) {
    socket.destroy()
    throw notReached(error)
  }
  // Nothing is ever said back; without a reader the end would not be heard.
  socket.resume()
  return {
    async send(frame) {
      if (gone.error !== undefined) throw gone.error
      if (socket.write(frame)) return
      await Promise.race([
        once(socket, 'drain', { signal: AbortSignal.timeout(TAKE_MS) }),
        gone.failed,
      ]).catch((error: unknown) => {
        throw notReached(error)
      })
    },
    async confirm() {
      await Promise.race([sleep(LINGER_MS), gone.failed])
      gone.isExpected = true
      socket.end()
      await Promise.race([
        once(socket, 'close', { signal: AbortSignal.timeout(END_MS) }).catch((error: unknown) => {
          throw notReached(error)
        }),
        gone.failed,
      ])
    },
    destroy: () => socket.destroy(),
  }
}

function connectTo({ host, port, tls }: SyslogAddress): Socket {
  if (tls === undefined) return connect({ host, port })
  const { credentials, faults } = readSyslogCredentials({ host, port, tls })
  if (faults.length > 0) throw notReached(new Error(faults.join('; ')))
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...credentials,
  })
}

interface Failure {
  /** Whether the receiver may end the connection now. */
  isExpected: boolean
  error: Error | undefined
  /** Rejects when the connection is lost. */
  readonly failed: Promise<never>
}

function failureOf(socket: Socket): Failure {
  let reject: (error: Error) => void = () => undefined
  const failure: Failure = {
    isExpected: false,
    error: undefined,
    failed: new Promise<never>((_, fail) => (reject = fail)),
  }
  // Whoever waits for it hears it; nobody has to.
  failure.failed.catch(() => undefined)
  const fail = (cause: unknown): void => {
    failure.error ??= notReached(cause)
    reject(failure.error)
  }
  socket.on('error', fail)
  socket.on('end', () => failure.isExpected || fail(new Error('the receiver ended the connection')))
  socket.on('close', () => failure.isExpected || fail(new Error('the connection is closed')))
  return failure
}

const notReached = (cause: unknown): Error =>
  unavailable(
    'syslog-unavailable',
    'The receiver of the audit trail does not answer, or is not who it must be.',
    cause,
  )
