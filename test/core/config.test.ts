import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../core/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'yunying-config-'))
const fileWith = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('loadConfig', () => {
  it('takes a secret from the file that is named, without the line break at its end', () => {
    const config = loadConfig({
      YUNYING_ADMIN_PASSWORD_FILE: fileWith('password', 'from a file\n'),
      YUNYING_DATABASE_URL_FILE: fileWith('database', 'postgres://yunying:secret@db/yunying\r\n'),
    })
    expect(config.adminPassword).toBe('from a file')
    expect(config.databaseUrl).toBe('postgres://yunying:secret@db/yunying')
  })

  it('takes limits as whole numbers, or none', () => {
    expect(loadConfig({})).toMatchObject({ searchLimit: 100, uploadLimit: 2000 })
    const set = loadConfig({ YUNYING_SEARCH_LIMIT: 'off', YUNYING_UPLOAD_LIMIT: '50' })
    expect(set).toMatchObject({ searchLimit: null, uploadLimit: 50 })
    for (const wrong of ['0', '-1', '1.5', 'none', '12345678'])
      expect([wrong, faultsOf({ YUNYING_SEARCH_LIMIT: wrong }).length]).toEqual([wrong, 1])
  })

  it('lists all faults at once, without a value or a path', () => {
    const faults = faultsOf({
      YUNYING_ADMIN_PASSWORD: 'given twice',
      YUNYING_ADMIN_PASSWORD_FILE: fileWith('twice', 'given twice'),
      YUNYING_OBJECTS_URL_FILE: join(folder, 'absent'),
      YUNYING_QUEUE_URL: 'amqp://secret@queue',
      YUNYING_TRUST_PROXY: 'everybody',
    })
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'YUNYING_ADMIN_PASSWORD',
      'YUNYING_OBJECTS_URL_FILE',
      'YUNYING_QUEUE_URL',
      'YUNYING_TRUST_PROXY',
    ])
    expect(faults.join('\n')).not.toMatch(/secret|given twice|absent|everybody/)
  })

  it('refuses a certificate without its key', () => {
    expect(faultsOf({ YUNYING_TLS_CERT: '/etc/tls/cert.pem' })).toEqual([
      'YUNYING_TLS_CERT, YUNYING_TLS_KEY: TLS needs both, the certificate and its key',
    ])
  })

  it('takes the address that the record is forwarded to, in one piece', () => {
    const of = (url: string) => loadConfig({ YUNYING_AUDIT_SYSLOG_URL: url }).auditSyslog
    expect(loadConfig({}).auditSyslog).toBeUndefined()
    expect(of('syslog+tls://log.example.org')).toEqual({
      host: 'log.example.org',
      port: 6514,
      tls: { ca: undefined, client: undefined },
    })
    expect(of('syslog+tls://[2001:db8::1]:700?ca=/etc/ca.pem&cert=/etc/c.pem&key=/etc/k.pem')).toEqual({
      host: '2001:db8::1',
      port: 700,
      tls: { ca: '/etc/ca.pem', client: { cert: '/etc/c.pem', key: '/etc/k.pem' } },
    })
    expect(of('syslog+tcp://127.0.0.1:601')).toEqual({ host: '127.0.0.1', port: 601, tls: undefined })
  })

  it.each([
    ['https://secret.example.org', /must be syslog\+tls/],
    ['syslog+tls://', /must be syslog\+tls/],
    ['syslog+tcp://secret.example.org:601', /this machine alone/],
    ['syslog+tcp://127.0.0.1', /needs a port/],
    ['syslog+tls://log/?cert=/secret.pem', /both, cert and key/],
    ['syslog+tls://log/?certificate=/secret.pem', /nothing else/],
    ['syslog+tls://name:secret@log', /no name, password/],
  ])('refuses %s to forward to, and does not repeat it', (url, sentence) => {
    const faults = faultsOf({ YUNYING_AUDIT_SYSLOG_URL: url, YUNYING_PORT: 'x' })
    expect(faults.join('\n')).toMatch(sentence)
    expect(faults.join('\n')).toMatch(/YUNYING_PORT/)
    expect(faults.join('\n')).not.toMatch(/secret/)
  })

  it('takes the public address with or without a slash at its end', () => {
    const { publicUrl } = loadConfig({ YUNYING_PUBLIC_URL: 'https://pacs.example.org/' })
    expect(publicUrl).toBe('https://pacs.example.org')
  })

  it('trusts no proxy unless one is named', () => {
    expect(loadConfig({}).trustedProxies.trusts('127.0.0.1')).toBe(false)
    const { trustedProxies } = loadConfig({
      YUNYING_TRUST_PROXY: 'loopback, 10.1.0.0/16,fd00::/8, 192.0.2.7',
    })
    const trusted = [
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
      '10.1.200.3',
      '::ffff:10.1.0.1',
      'fd12::1',
      '192.0.2.7',
    ]
    expect(trusted.filter((address) => !trustedProxies.trusts(address))).toEqual([])
    const others = ['10.2.0.1', '192.0.2.8', 'fe80::1', '', 'unknown', '::ffff:192.0.2.8']
    expect(others.filter((address) => trustedProxies.trusts(address))).toEqual([])
  })

  it.each(['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'example.org', '1.2.3'])(
    'does not take %s for a proxy',
    (word) => {
      expect(faultsOf({ YUNYING_TRUST_PROXY: word })).toHaveLength(1)
    },
  )
})
