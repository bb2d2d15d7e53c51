import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dicom } from '../../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
let behindTls: TestApp

beforeAll(async () => {
  const viewerFolder = await mkdtemp(join(tmpdir(), 'yunying-viewer-'))
  await mkdir(join(viewerFolder, 'assets'))
  await writeFile(join(viewerFolder, 'index.html'), '<!doctype html><script src="/assets/a.js"></script>')
  await writeFile(join(viewerFolder, 'assets/a.js'), 'export {}')
  await writeFile(join(viewerFolder, 'assets/a.js.br'), brotliCompressSync('export {}'))
  await writeFile(join(viewerFolder, 'assets/a.js.gz'), gzipSync('export {}'))
  app = await startTestApp({ viewerFolder })
  behindTls = await startTestApp({
    workers: false,
    env: { YUNYING_TRUST_PROXY: 'loopback, 10.0.0.0/8', YUNYING_PUBLIC_URL: 'https://pacs.example.org' },
  })
})
afterAll(async () => {
  await app.close()
  await behindTls.close()
})

const html = { Accept: 'text/html,*/*' }

describe('headers', () => {
  it('say that a file came as small as the browser takes it, whatever it names first', async () => {
    const encodings = ['gzip, deflate, br, zstd', 'gzip, deflate', 'br;q=0, gzip', 'identity']
    const answers = await Promise.all(
      encodings.map((accepted) =>
        app.fetch('/assets/a.js', { token: null, headers: { 'Accept-Encoding': accepted } }),
      ),
    )
    expect(answers.map(({ headers }) => headers.get('content-encoding'))).toEqual([
      'br',
      'gzip',
      'gzip',
      null,
    ])
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
      encodings.map(() => 'export {}'),
    )
  })

  it('are strict on pages, files, answers and errors alike', async () => {
    const answers = await Promise.all([
      app.fetch('/', { token: null, headers: html }),
      app.fetch('/studies/1.2.3', { token: null, headers: html }),
      app.fetch('/assets/a.js', { token: null }),
      app.fetch('/assets/absent.js', { token: null }),
      app.fetch('/api/session', { token: null }),
      app.fetch('/api/worklist'),
      app.fetch('/api/nothing-here'),
      app.fetch('/dicom-web/studies/1.2.3/metadata'),
      app.fetch('/healthz', { token: null }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 401, 200, 404, 404, 200])
    for (const { headers, url } of answers) {
      const policy = headers.get('content-security-policy') ?? ''
      expect([url, headers.get('x-content-type-options')]).toEqual([url, 'nosniff'])
      expect([url, headers.get('x-frame-options')]).toEqual([url, 'DENY'])
      expect([url, headers.get('referrer-policy')]).toEqual([url, 'no-referrer'])
      expect([url, headers.get('cross-origin-resource-policy')]).toEqual([url, 'same-origin'])
      expect([url, headers.get('cross-origin-opener-policy')]).toEqual([url, 'same-origin'])
      expect([url, headers.get('x-powered-by'), headers.get('server')]).toEqual([url, null, null])
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/(script-src|default-src)[^;]*('unsafe-inline'|'unsafe-eval'|\*|https?:)/)
    }
  })

  it('let what answers programs do nothing when it is opened as a page', async () => {
    for (const path of ['/api/openapi.json', '/dicom-web/studies', '/metrics']) {
      const policy = (await app.fetch(path)).headers.get('content-security-policy') ?? ''
      expect([path, policy.split(';').map((part) => part.trim())]).toEqual([
        path,
        expect.arrayContaining(["default-src 'none'", 'sandbox']),
      ])
    }
  })

  it('ask for TLS from then on where TLS is spoken, and only there', async () => {
    const plain = await app.fetch('/healthz', { headers: { 'X-Forwarded-Proto': 'https' } })
    expect(plain.headers.get('strict-transport-security')).toBeNull()
    const secure = await behindTls.fetch('/healthz')
    expect(secure.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/)
  })
})

describe('uploads', () => {
  it('are never served as a page, whatever they hold and whatever is asked for', async () => {
    const page = '<html><script>alert(1)</script></html>'
    const file = dicom()
      .ct({ rows: 4, columns: 4 })
      .set('PatientName', 'PN', [{ Alphabetic: '<script>alert(1)</script>' }])
      .set('00420012', 'LO', ['text/html'])
      .set('StudyDescription', 'LO', [page])
      .build()
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(file),
    })
    expect(stored.status).toBe(200)
    await app.drain()
    const [row] = await app.pacs.database.query<{ study: string; series: string; instance: string }>(
      `select s.study_instance_uid as study, e.series_instance_uid as series, i.sop_instance_uid as instance
       from instance i join series e using (series_id) join study s on s.study_id = i.study_id`,
    )
    const instance = `/dicom-web/studies/${row?.study}/series/${row?.series}/instances/${row?.instance}`
    const paths = [
      instance,
      `${instance}/metadata`,
      `${instance}/frames/1`,
      `${instance}/rendered`,
      `${instance}/thumbnail`,
      `${instance}/bulkdata/7FE00010`,
      `/dicom-web/studies/${row?.study}/metadata`,
      '/dicom-web/studies?includefield=all',
      '/api/worklist',
      `/api/studies/${row?.study}`,
    ]
    for (const accept of ['text/html', 'text/html,application/xhtml+xml,*/*;q=0.8', '*/*', 'image/svg+xml']) {
      for (const path of paths) {
        const answer = await app.fetch(path, { headers: { Accept: accept } })
        await answer.arrayBuffer()
        const type = answer.headers.get('content-type') ?? ''
        expect([path, accept, /html|svg|xhtml|javascript/i.test(type)]).toEqual([path, accept, false])
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      }
    }
  })
})

describe('the address of a client', () => {
  const metricsFrom = async (which: TestApp, headers: Record<string, string>): Promise<number> =>
    (await which.fetch('/metrics', { token: null, headers })).status

  const auditedFrom = async (which: TestApp, forwardedFor: string): Promise<string | null> => {
    await which.fetch('/api/session', {
      method: 'POST',
      token: null,
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwardedFor },
      body: JSON.stringify({ email: 'admin@localhost', password: 'not the password' }),
    })
    const [row] = await which.pacs.database.query<{ address: string | null }>(
      `select address from audit_event where event = 'user-authentication' order by audit_event_id desc limit 1`,
    )
    return row?.address ?? null
  }

  it('is the connection’s own, whatever the client says', async () => {
    expect(await auditedFrom(app, '203.0.113.9')).toBe('127.0.0.1')
  })

  it('is what the nearest proxies that are trusted saw', async () => {
    expect(await auditedFrom(behindTls, '203.0.113.9')).toBe('203.0.113.9')
    expect(await auditedFrom(behindTls, '198.51.100.1, 203.0.113.9, 10.4.4.4')).toBe('203.0.113.9')
    expect(await auditedFrom(behindTls, '::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(await auditedFrom(behindTls, '<script>, 10.4.4.4')).toBe('10.4.4.4')
  })

  it('is not this machine’s when a proxy on it passed the request on', async () => {
    expect(await metricsFrom(app, {})).toBe(200)
    expect(await metricsFrom(app, { 'X-Forwarded-For': '203.0.113.9' })).toBe(401)
    expect(await metricsFrom(behindTls, { 'X-Forwarded-For': '127.0.0.1' })).toBe(401)
  })
})

describe('a request that changes something', () => {
  const ending = async (which: TestApp, headers: Record<string, string>): Promise<number> =>
    (
      await which.fetch('/api/session', {
        method: 'DELETE',
        token: null,
        headers: { Cookie: 'yunying_session=unknown', ...headers },
      })
    ).status
  // 401: it got as far as the question who asks.
  const host = (): string => new URL(app.url).host

  it('is refused from another site, by whichever header the browser sends', async () => {
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: app.url },
      { Origin: 'https://evil.example.org' },
      { Origin: 'null' },
      { Origin: `${app.url}.evil.example.org` },
      { Origin: 'http://localhost:1' },
      // Not a bearer token: the cookie would be what counts.
      { Origin: 'https://evil.example.org', Authorization: 'Basic eDp5' },
    ]) {
      expect([headers, await ending(app, headers)]).toEqual([headers, 403])
    }
  })

  it('is heard from our own pages, and from programs', async () => {
    expect(await ending(app, {})).toBe(401)
    expect(await ending(app, { 'Sec-Fetch-Site': 'same-origin', Origin: app.url })).toBe(401)
    expect(await ending(app, { Origin: app.url })).toBe(401)
    // A proxy in front of us ends TLS.
    expect(await ending(app, { Origin: `https://${host()}` })).toBe(401)
  })

  it('is refused from the same host without TLS where TLS is spoken', async () => {
    const proxied = {
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'pacs.example.org',
      'X-Forwarded-For': '203.0.113.9',
    }
    expect(await ending(behindTls, { ...proxied, Origin: 'http://pacs.example.org' })).toBe(403)
    expect(await ending(behindTls, { ...proxied, Origin: 'https://pacs.example.org' })).toBe(401)
    expect(await ending(behindTls, { Origin: 'https://pacs.example.org' })).toBe(401)
  })
})
