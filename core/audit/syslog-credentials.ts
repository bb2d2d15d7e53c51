import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfigError, type Config } from '../config.ts'
import type { SyslogAddress } from './syslog-address.ts'

/** What the files hold, as `node:tls` takes it. */
export interface SyslogCredentials {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Reads the PEM files, anew each time: certificates are renewed. Answers what is wrong with them beside, by name. */
export function readSyslogCredentials({ tls }: SyslogAddress): {
  credentials: SyslogCredentials
  faults: readonly string[]
} {
  const faults: string[] = []
  const read = (
    path: string | undefined,
    name: string,
    check: (pem: string) => unknown,
  ): string | undefined => {
    if (path === undefined) return undefined
    try {
      const pem = readFileSync(path, 'utf8')
      check(pem)
      return pem
    } catch {
      faults.push(`the file of ${name} cannot be read by this user, or holds no PEM of that kind`)
      return undefined
    }
  }
  const ca = read(tls?.ca, 'ca', (pem) => new X509Certificate(pem))
  const cert = read(tls?.client?.cert, 'cert', (pem) => new X509Certificate(pem))
  const key = read(tls?.client?.key, 'key', (pem) => createPrivateKey(pem))
  if (
    cert !== undefined &&
    key !== undefined &&
    !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  )
    faults.push('key does not belong to cert')
  return {
    credentials: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
    faults,
  }
}

/** At a start, before anything is made. Errors: ConfigError when a file of the receiver's address will not do. */
export function checkSyslogCredentials({ auditSyslog, run }: Pick<Config, 'auditSyslog' | 'run'>): void {
  if (auditSyslog === undefined || !run.includes('worker')) return
  const { faults } = readSyslogCredentials(auditSyslog)
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `YUNYING_AUDIT_SYSLOG_URL: ${fault}`))
}
