import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config } from '../../core/config.ts'

type TlsFiles = NonNullable<Config['tls']>

export interface TlsServer {
  readonly server: Server
  /** Takes the files up again if they changed: a certificate lasts for weeks, a process for months. True when they had. */
  renew(): Promise<boolean>
}

/** A server that speaks HTTP/1.1 over TLS 1.2 or newer. Errors: ConfigError when the files cannot be read or do not belong together. */
export async function openTlsServer(files: TlsFiles, handler: RequestListener): Promise<TlsServer> {
  let used = await readPair(files)
  const server = createServer(used, handler)
  return {
    server,
    async renew() {
      const found = await readPair(files)
      if (found.cert.equals(used.cert) && found.key.equals(used.key)) return false
      server.setSecureContext(found)
      used = found
      return true
    },
  }
}

async function readPair({ certificate, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const pair = {
    cert: await readPem(certificate, 'YUNYING_TLS_CERT'),
    key: await readPem(key, 'YUNYING_TLS_KEY'),
  }
  try {
    createSecureContext(pair)
  } catch (error) {
    throw new ConfigError(
      [
        'YUNYING_TLS_CERT, YUNYING_TLS_KEY: the files do not hold a certificate and the key that belongs to it, as PEM',
      ],
      { cause: error },
    )
  }
  return pair
}

async function readPem(path: string, variable: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new ConfigError([`${variable}: the file cannot be read by this user`], { cause: error })
  }
}
