import { BlockList, isIP } from 'node:net'

/** Addresses of proxies whose word about the client is believed. */
export interface TrustedProxies {
  /** No proxy is trusted at all. */
  readonly none: boolean
  trusts(address: string): boolean
}

/** Addresses whose verdict is remembered: the same few ask all day. */
const MOST_KNOWN = 1_000
const LOOPBACK = ['127.0.0.0/8', '::1']

/**
 * Reads a list such as `loopback, 10.0.0.7, 192.168.4.0/24, fd00::/8`. Returns the words that are neither an address nor a
 * network as `faults`. Never "everyone": whoever is trusted may write any address into the audit.
 */
export function parseTrustedProxies(text: string): { proxies: TrustedProxies; faults: readonly string[] } {
  const list = new BlockList()
  const faults: string[] = []
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  for (const word of words.flatMap((each) => (each === 'loopback' ? LOOPBACK : [each]))) {
    const [address = '', prefix, ...rest] = word.split('/')
    const version = isIP(address)
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix)
    const known = version !== 0 && rest.length === 0 && prefix !== ''
    if (!known || !Number.isInteger(bits) || bits < 1 || bits > (version === 4 ? 32 : 128)) faults.push(word)
    else list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6')
  }
  const check = (address: string): boolean => {
    const plain = withoutMapping(address)
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }
  const known = new Map<string, boolean>()
  return {
    proxies: {
      none: words.length === 0,
      trusts(address) {
        const before = known.get(address)
        if (before !== undefined) return before
        const verdict = check(address)
        if (known.size >= MOST_KNOWN) known.clear()
        known.set(address, verdict)
        return verdict
      },
    },
    faults,
  }
}

/** `::ffff:10.0.0.7`, as a socket that listens on both families says it, as `10.0.0.7`. */
export function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
