import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forwardingLag } from '../../core/audit/forwarding-lag.ts'
import { recordAudit } from '../../core/audit/record-audit.ts'
import { sealAudit } from '../../core/audit/seal-audit.ts'
import { parseSyslogAddress, type SyslogAddress } from '../../core/audit/syslog-address.ts'
import { schemaFaults } from '../support/audit-schema.ts'
import { readXml } from '../support/read-xml.ts'
import { selfSigned } from '../support/self-signed.ts'
import { silentLog } from '../support/silent-log.ts'
import { openSyslogReceiver, type SyslogReceiver } from '../support/syslog-receiver.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { startForwarding } from '../../workers/start-forwarding.ts'

const server = selfSigned('localhost')
const stranger = selfSigned('localhost')
const client = selfSigned('archive')
let app: TestApp
let folder: string
let organisations: string[]
let receiver: SyslogReceiver | undefined
const running: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  folder = await mkdtemp(join(tmpdir(), 'yunying-syslog-'))
  await Promise.all(
    Object.entries({
      'ca.pem': server.cert,
      'stranger.pem': stranger.cert,
      'cert.pem': client.cert,
      'key.pem': client.key,
    }).map(([name, pem]) => writeFile(join(folder, name), pem)),
  )
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  organisations = [randomUUID(), randomUUID()]
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()))
  await receiver?.close()
  receiver = undefined
})

async function receive(options: TlsOptions | undefined = server, port?: number): Promise<SyslogReceiver> {
  receiver = await openSyslogReceiver(options, port)
  return receiver
}

/** Numbers each organisation's events, and links them. */
async function record(from: number, to: number): Promise<void> {
  for (let number = from; number <= to; number++)
    for (const organisationId of organisations)
      await recordAudit(
        app.pacs.database,
        { kind: 'system', organisationId, reason: 'test' },
        { event: 'query', outcome: 'success', detail: { level: 'study', number } },
      )
  await sealAudit(app.pacs)
}

const address = (port: number, query = `?ca=${join(folder, 'ca.pem')}`, scheme = 'tls'): SyslogAddress => {
  const parsed = parseSyslogAddress(`syslog+${scheme}://localhost:${port}${query}`)
  if (parsed.address === undefined) throw new Error(parsed.faults.join())
  return parsed.address
}

function forward(to: SyslogAddress): { stop(): Promise<void> } {
  const forwarding = startForwarding({ ...app.pacs, log: silentLog }, to)
  running.push(forwarding)
  return forwarding
}

/** The numbers of an organisation's events in the order they came, also those that came again. */
function numbers(organisationId = organisations[0] ?? '', lines = receiver?.lines ?? []): number[] {
  return lines.flatMap((line) => {
    const message = readXml(line.slice(line.indexOf('\uFEFF') + 1))
    expect(schemaFaults(message)).toEqual([])
    if (!line.includes(organisationId)) return []
    const details = message.children.at(-1)?.children ?? []
    const value = details.find(({ attributes }) => attributes['type'] === 'number')?.attributes['value']
    return value === undefined ? [] : [Number(Buffer.from(value, 'base64').toString())]
  })
}

/** Until so many events of each organisation came: what is left of one would be sent in the next test. */
async function came(count: number): Promise<void> {
  for (const organisationId of organisations)
    await expect.poll(() => numbers(organisationId).length).toBe(count)
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index + 1)
const waiting = async (): Promise<number> => (await forwardingLag(app.pacs)).waiting

describe('forwarding the record', () => {
  it('brings every event to a receiver that breaks off midway, each chain in its order', async () => {
    const { port, lines, breakAfter, connections } = await receive()
    await record(1, 40)
    breakAfter(17)
    forward(address(port))
    await expect.poll(() => connections()).toBeGreaterThan(1)
    expect(await waiting()).toBeGreaterThan(0)
    breakAfter(undefined)
    await expect.poll(waiting).toBe(0)
    for (const organisation of organisations) {
      const came = numbers(organisation, lines)
      expect([...new Set(came)]).toEqual(upTo(40))
      // Begun again from what was confirmed: a number comes after the one before it, or where a connection began.
      expect(came.filter((number, index) => index > 0 && number !== (came[index - 1] ?? 0) + 1)).toEqual(
        Array.from({ length: came.filter((number) => number === 1).length - 1 }, () => 1),
      )
    }
    expect(lines[0]).toMatch(
      /^<85>1 \d{4}-\d\d-\d\dT[\d:.]{15}Z \S+ yunying \d+ DICOM\+RFC3881 - \uFEFF<\?xml /,
    )
  })

  it('sends again what was written whole, where the receiver did not end in order', async () => {
    const { port, breakAfter, connections } = await receive()
    await record(1, 3)
    breakAfter(4)
    forward(address(port))
    await expect.poll(() => connections()).toBe(1)
    breakAfter(undefined)
    await expect.poll(waiting).toBe(0)
    for (const organisation of organisations) expect(new Set(numbers(organisation))).toEqual(new Set(upTo(3)))
  })

  it('goes on where it was after a restart, and sends nothing again that was confirmed', async () => {
    const { port } = await receive()
    await record(1, 5)
    const first = forward(address(port))
    await came(5)
    await first.stop()
    expect(await waiting()).toBe(0)
    await record(6, 9)
    forward(address(port))
    await came(9)
    expect(numbers()).toEqual(upTo(9))
  })

  it('sends what came while the receiver was away, once it is back', async () => {
    const { port, close } = await receive()
    await close()
    forward(address(port))
    await record(1, 6)
    await record(7, 12)
    expect(await waiting()).toBe(24)
    await receive(server, port)
    await expect.poll(waiting).toBe(0)
    expect(numbers()).toEqual(upTo(12))
  })

  it('keeps a connection for what comes next', async () => {
    const { port, connections } = await receive()
    await record(1, 2)
    forward(address(port))
    await came(2)
    await record(3, 4)
    await came(4)
    expect(connections()).toBe(1)
  })

  it('is done by one process at a time', async () => {
    const { port } = await receive()
    await record(1, 30)
    for (let process = 0; process < 3; process++) forward(address(port))
    await came(30)
    await Promise.all(running.splice(0).map((each) => each.stop()))
    expect(numbers()).toEqual(upTo(30))
  })

  it('tells nothing to a receiver whose certificate nobody vouches for', async () => {
    const { port, lines, connections } = await receive()
    await record(1, 3)
    const lied = forward(address(port, `?ca=${join(folder, 'stranger.pem')}`))
    const believed = forward(address(port, ''))
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await Promise.all([lied.stop(), believed.stop()])
    expect(lines).toEqual([])
    expect(connections()).toBe(0)
    expect(await waiting()).toBe(6)
    forward(address(port))
    await expect.poll(waiting).toBe(0)
  })

  it('says who it is to a receiver that asks', async () => {
    const { port, lines } = await receive({
      ...server,
      ca: client.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    await record(1, 3)
    const unknown = forward(address(port))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await unknown.stop()
    expect(lines).toEqual([])
    const files = ['ca', 'cert', 'key'].map((name) => `${name}=${join(folder, `${name}.pem`)}`)
    forward(address(port, `?${files.join('&')}`))
    await expect.poll(waiting).toBe(0)
    expect(numbers()).toEqual(upTo(3))
  })

  it('speaks plain TCP to a relay on this machine', async () => {
    receiver = await openSyslogReceiver(undefined)
    await record(1, 3)
    forward(address(receiver.port, '', 'tcp'))
    await expect.poll(waiting).toBe(0)
    expect(numbers()).toEqual(upTo(3))
  })
})

describe('how far behind it is', () => {
  it('is said by /readyz, which stays ready, and by /metrics, where the record is forwarded', async () => {
    expect(await (await app.fetch('/readyz')).text()).not.toContain('auditForwarding')
    const behind = await startTestApp({
      workers: false,
      env: { YUNYING_AUDIT_SYSLOG_URL: 'syslog+tcp://127.0.0.1:9' },
    })
    try {
      const parts = async (): Promise<unknown> =>
        ((await (await behind.fetch('/readyz')).json()) as { parts: unknown }).parts
      await sealAudit(behind.pacs)
      expect(await parts()).toMatchObject({ auditForwarding: 'ok' })
      await behind.superuser.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica')
        await tx.query(`update audit_event set occurred_at = now() - interval '1 hour'`)
      })
      expect(await parts()).toMatchObject({ auditForwarding: 'audit-forwarding-behind' })
      expect((await behind.fetch('/readyz')).status).toBe(200)
      const text = await (await behind.fetch('/metrics')).text()
      expect(text).toMatch(/^yunying_audit_forwarding_waiting [1-9]\d*$/m)
      expect(Number(/^yunying_audit_forwarding_lag_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThan(3_500)
    } finally {
      await behind.close()
    }
  })
})
