import { mkdtemp, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../../core/config.ts'
import { openTlsServer } from '../../../services/http/tls-server.ts'
import { selfSigned } from '../../support/self-signed.ts'
import { ADMIN, startTestApp, type TestApp } from '../../support/test-app.ts'

const pair = selfSigned('localhost')
let folder: string
let files: { certificate: string; key: string }

const writePair = async ({ cert, key }: { cert: string; key: string }): Promise<void> => {
  await writeFile(files.certificate, cert)
  await writeFile(files.key, key)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yunying-tls-'))
  files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  await writePair(pair)
})

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly fingerprint: string
}

/** A request to a server whose certificate is `cert`, and no other. */
function ask(
  url: string,
  cert: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { ...rest, ca: cert, agent: false, checkServerIdentity: () => undefined },
      (answer) => {
        const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate()
        answer.resume()
        answer.once('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, fingerprint: fingerprint256 }),
        )
      },
    )
    asked.once('error', reject)
    asked.end(body)
  })
}

describe('the service, with a certificate and its key', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({
      workers: false,
      env: { YUNYING_TLS_CERT: files.certificate, YUNYING_TLS_KEY: files.key },
    })
  })
  afterAll(() => app.close())

  it('speaks TLS, gives cookies to TLS alone, and asks browsers to come back by it', async () => {
    expect(app.url).toMatch(/^https:/)
    const signedIn = await ask(`${app.url}/api/session`, pair.cert, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: app.url },
      body: JSON.stringify(ADMIN),
    })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers['set-cookie']?.[0]).toMatch(/; secure/)
    expect(signedIn.headers['strict-transport-security']).toMatch(/max-age=\d{8}/)
  })

  it('refuses what a page of the same host without TLS makes a browser send', async () => {
    const Origin = app.url.replace('https:', 'http:')
    const refused = await ask(`${app.url}/api/session`, pair.cert, { method: 'DELETE', headers: { Origin } })
    expect(refused.status).toBe(403)
  })
})

describe('openTlsServer', () => {
  it('uses a new certificate once it is there, and the one before while the new one cannot be used', async () => {
    const { server, renew } = await openTlsServer(files, (_request, response) => response.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const before = await ask(url, pair.cert)
    expect(await renew()).toBe(false)

    const next = selfSigned('localhost')
    await writeFile(files.certificate, next.cert)
    // The key has not come yet.
    await expect(renew()).rejects.toThrow(ConfigError)
    expect((await ask(url, pair.cert)).fingerprint).toBe(before.fingerprint)

    await writePair(next)
    expect(await renew()).toBe(true)
    expect((await ask(url, next.cert)).fingerprint).not.toBe(before.fingerprint)
    await new Promise((resolve) => server.close(resolve))
    await writePair(pair)
  })

  it('names the setting whose file cannot be read, and no path', async () => {
    const absent = openTlsServer({ ...files, key: join(folder, 'absent') }, () => undefined)
    await expect(absent).rejects.toThrow('YUNYING_TLS_KEY: the file cannot be read')
    await expect(absent).rejects.not.toThrow('absent')
  })
})
