import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSigned } from './self-signed.ts'

/** A certificate for this machine, and the settings of a service that has it. */
export async function tlsFiles(): Promise<{ cert: string; env: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'yunying-tls-files-'))
  const { cert, key } = selfSigned('localhost')
  const env = { YUNYING_TLS_CERT: join(folder, 'cert.pem'), YUNYING_TLS_KEY: join(folder, 'key.pem') }
  await writeFile(env.YUNYING_TLS_CERT, cert)
  await writeFile(env.YUNYING_TLS_KEY, key)
  return { cert, env }
}
