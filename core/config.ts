import { z } from 'zod'
import { parseSyslogAddress, type SyslogAddress } from './audit/syslog-address.ts'
import { parseRenditionPolicy, type RenditionPolicy } from './archive/rendition-policy.ts'
import { readSettings } from './setting-files.ts'
import { parseTrustedProxies, type TrustedProxies } from './trusted-proxies.ts'

/** Which parts a process runs. */
export const PARTS = ['web', 'dimse', 'worker'] as const
export type Part = (typeof PARTS)[number]

const url = (schemes: readonly string[]) =>
  z.string().refine((value) => schemes.some((scheme) => value.startsWith(scheme)), {
    message: `must start with ${schemes.join(' or ')}`,
  })

/** So much a second; null where there is no limit. */
const rate = z
  .string()
  .regex(/^(off|[1-9]\d{0,6})$/, 'must be a whole number, so much a second, or off')
  .transform((value) => (value === 'off' ? null : Number(value)))

const port = z.coerce.number().int().min(0).max(65535)

const schema = z.object({
  /** Where HTTP listens. */
  YUNYING_HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 picks a free port. */
  YUNYING_PORT: port.default(8080),
  /** Everything the embedded mode keeps; the cluster keeps only unfinished uploads here. */
  YUNYING_DATA: z.string().min(1).default('./data'),
  YUNYING_DATABASE_URL: url(['embedded:', 'postgres://', 'postgresql://']).default('embedded:'),
  YUNYING_OBJECTS_URL: url(['file:', 's3://']).default('file:'),
  YUNYING_QUEUE_URL: url(['local:', 'redis://', 'rediss://']).default('local:'),
  YUNYING_RUN: z
    .string()
    .default('web,dimse,worker')
    .transform((value) => value.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(PARTS)).min(1)),
  YUNYING_DIMSE_PORT: port.default(11112),
  YUNYING_AE_TITLE: z
    .string()
    .regex(/^[\x21-\x5b\x5d-\x7e]{1,16}$/, 'must be 1 to 16 printable characters')
    .default('YUNYING'),
  YUNYING_ADMIN_EMAIL: z.string().min(3).default('admin@localhost'),
  YUNYING_ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  /** For links; from the request when absent. */
  YUNYING_PUBLIC_URL: z.url().optional(),
  /** Of which series HTJ2K renditions are kept: `on`, `off`, `90d`, `CT,MR`, `90d/CT,MR`. */
  YUNYING_RENDITIONS: z
    .string()
    .default('on')
    .transform((value, context) => {
      const policy = parseRenditionPolicy(value)
      if (policy !== undefined) return policy
      context.addIssue({
        code: 'custom',
        message: 'must be on, off, a number of days (90d), modalities (CT,MR) or both (90d/CT,MR)',
      })
      return z.NEVER
    }),
  /** Encrypts what must be read again: secrets of authenticators and of identity providers. Drawn when absent. */
  YUNYING_SECRETS_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  /** PEM files: with both, HTTP is spoken over TLS. */
  YUNYING_TLS_CERT: z.string().optional(),
  YUNYING_TLS_KEY: z.string().optional(),
  /** Whose X-Forwarded-* is believed: addresses, networks, or `loopback`. */
  YUNYING_TRUST_PROXY: z
    .string()
    .default('')
    .transform((value, context) => {
      const { proxies, faults } = parseTrustedProxies(value)
      if (faults.length > 0) {
        context.addIssue({
          code: 'custom',
          message: 'must be addresses, networks (10.0.0.0/8) or loopback, with commas between them',
        })
      }
      return proxies
    }),
  /** What one person, or the programs of one person, may search and upload: see docs/operations.md. */
  YUNYING_SEARCH_LIMIT: rate.default(100),
  YUNYING_UPLOAD_LIMIT: rate.default(2000),
  /** Where the audit trail of all organisations is forwarded to, as syslog. */
  YUNYING_AUDIT_SYSLOG_URL: z
    .string()
    .transform((value, context) => {
      const { address, faults } = parseSyslogAddress(value)
      for (const message of faults) context.addIssue({ code: 'custom', message })
      return address ?? z.NEVER
    })
    .optional(),
  YUNYING_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export interface Config {
  readonly host: string
  readonly port: number
  readonly dataFolder: string
  readonly databaseUrl: string
  readonly objectsUrl: string
  readonly queueUrl: string
  readonly run: readonly Part[]
  readonly dimsePort: number
  readonly aeTitle: string
  readonly adminEmail: string
  readonly adminPassword: string | undefined
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined
  readonly renditions: RenditionPolicy
  readonly secretsKey: string | undefined
  /** Paths of PEM files. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined
  readonly trustedProxies: TrustedProxies
  /** Points a second; null: no limit. */
  readonly searchLimit: number | null
  readonly uploadLimit: number | null
  readonly auditSyslog: SyslogAddress | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** All faults of the configuration at once, by variable; never a value. Exit code 78 (EX_CONFIG). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(
    readonly faults: readonly string[],
    options?: { cause: unknown },
  ) {
    super(`The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`, options)
  }
}

/** The configuration from the environment, and from the files it names (`…_FILE`). Errors: ConfigError with every fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const { settings, faults: unread } = readSettings(env, Object.keys(schema.shape))
  const parsed = schema.safeParse(settings)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError([...unread, ...wrong])
  }
  const value = parsed.data
  const faults = [...unread, ...impossibleMixes(value)]
  if (faults.length > 0) throw new ConfigError(faults)
  return {
    host: value.YUNYING_HOST,
    port: value.YUNYING_PORT,
    dataFolder: value.YUNYING_DATA,
    databaseUrl: value.YUNYING_DATABASE_URL,
    objectsUrl: value.YUNYING_OBJECTS_URL,
    queueUrl: value.YUNYING_QUEUE_URL,
    run: value.YUNYING_RUN,
    dimsePort: value.YUNYING_DIMSE_PORT,
    aeTitle: value.YUNYING_AE_TITLE,
    adminEmail: value.YUNYING_ADMIN_EMAIL,
    adminPassword: value.YUNYING_ADMIN_PASSWORD,
    publicUrl: value.YUNYING_PUBLIC_URL?.replace(/\/+$/, ''),
    renditions: value.YUNYING_RENDITIONS,
    secretsKey: value.YUNYING_SECRETS_KEY,
    tls:
      value.YUNYING_TLS_CERT === undefined || value.YUNYING_TLS_KEY === undefined
        ? undefined
        : { certificate: value.YUNYING_TLS_CERT, key: value.YUNYING_TLS_KEY },
    trustedProxies: value.YUNYING_TRUST_PROXY,
    searchLimit: value.YUNYING_SEARCH_LIMIT,
    uploadLimit: value.YUNYING_UPLOAD_LIMIT,
    auditSyslog: value.YUNYING_AUDIT_SYSLOG_URL,
    logLevel: value.YUNYING_LOG_LEVEL,
  }
}

function impossibleMixes(value: z.infer<typeof schema>): string[] {
  const faults: string[] = []
  if (!value.YUNYING_RUN.some((part) => part !== 'dimse')) {
    faults.push('YUNYING_RUN: dimse, the DICOM network, is not offered yet; add web or worker')
  }
  if (!value.YUNYING_RUN.includes('worker') && value.YUNYING_QUEUE_URL.startsWith('local:')) {
    faults.push(
      'YUNYING_QUEUE_URL: local: reaches only workers in this process; set redis:// or add worker to YUNYING_RUN',
    )
  }
  if ((value.YUNYING_TLS_CERT === undefined) !== (value.YUNYING_TLS_KEY === undefined)) {
    faults.push('YUNYING_TLS_CERT, YUNYING_TLS_KEY: TLS needs both, the certificate and its key')
  }
  return faults
}
