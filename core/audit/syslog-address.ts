import { isIP } from 'node:net'

/** Where the record is forwarded to. */
export interface SyslogAddress {
  readonly host: string
  readonly port: number
  /** Paths of PEM files; undefined: plain TCP, to this machine alone. */
  readonly tls:
    | {
        /** Whose signature on the receiver's certificate counts; absent: the authorities that Node knows. */
        readonly ca: string | undefined
        /** Who we are, where the receiver asks. */
        readonly client: { readonly cert: string; readonly key: string } | undefined
      }
    | undefined
}

/** RFC 5425 4.1; what rsyslog and others use for plain TCP has no number of its own. */
const TLS_PORT = 6514
const PARAMETERS = ['ca', 'cert', 'key']

/**
 * `syslog+tls://HOST:6514?ca=FILE&cert=FILE&key=FILE`, or `syslog+tcp://127.0.0.1:PORT` for a relay on this machine. Answers
 * the address, or all that is wrong with it: never a value of it.
 */
export function parseSyslogAddress(text: string): { address?: SyslogAddress; faults: readonly string[] } {
  const form = 'must be syslog+tls://HOST:PORT?ca=FILE, or syslog+tcp:// to this machine alone'
  const url = /^syslog\+(tls|tcp):\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.hostname === '') return { faults: [form] }
  const faults: string[] = []
  const isTls = url.protocol === 'syslog+tls:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const file = (name: string): string | undefined => url.searchParams.get(name) || undefined
  const [ca, cert, key] = PARAMETERS.map(file)
  if (url.username !== '' || url.password !== '' || !['', '/'].includes(url.pathname))
    faults.push('takes a host, a port and files, no name, password or path')
  if ([...url.searchParams.keys()].some((name) => !PARAMETERS.includes(name)))
    faults.push('takes ca, cert and key behind the question mark, and nothing else')
  if ((cert === undefined) !== (key === undefined))
    faults.push('a client certificate needs both, cert and key')
  if (!isTls && !isThisMachine(host))
    faults.push('without TLS it goes to this machine alone; use syslog+tls://')
  if (!isTls && url.port === '') faults.push('needs a port with syslog+tcp://')
  if (!isTls && url.search !== '') faults.push('takes files with syslog+tls:// alone')
  if (faults.length > 0) return { faults }
  const client = cert === undefined || key === undefined ? undefined : { cert, key }
  return {
    address: { host, port: Number(url.port || TLS_PORT), tls: isTls ? { ca, client } : undefined },
    faults,
  }
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
