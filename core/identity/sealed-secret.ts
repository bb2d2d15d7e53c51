import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import type { ObjectKey } from '../ports/object-store.ts'

/** Drawn at the first need, where the configuration gives no key. Beside the registry: one loss does not take the other. */
const KEY_OBJECT = 'registry/secrets.key' as ObjectKey

const NONCE_BYTES = 12
const TAG_BYTES = 16

type Sealing = Pick<Pacs, 'config' | 'database' | 'objects'>

/**
 * A secret that must be read again (an authenticator's, a provider's) as the database keeps it: AES-256-GCM, as nonce, tag,
 * text. `owner` is authenticated with it: moved to another row it does not open.
 */
export async function sealSecret(pacs: Sealing, owner: string, secret: Uint8Array): Promise<Buffer> {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', await secretsKey(pacs), nonce).setAAD(Buffer.from(owner))
  const text = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Errors: 'unavailable' code 'secret-unreadable' when it was sealed with another key. */
export async function openSecret(pacs: Sealing, owner: string, sealed: Buffer): Promise<Buffer> {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', await secretsKey(pacs), nonce)
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw new YunyingError(
      'unavailable',
      'secret-unreadable',
      'This was encrypted with another key. Tell whoever runs the archive: YUNYING_SECRETS_KEY has changed.',
      { cause },
    )
  }
}

async function secretsKey(pacs: Sealing): Promise<Buffer> {
  if (pacs.config.secretsKey !== undefined)
    return createHash('sha256').update(pacs.config.secretsKey).digest()
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await pacs.objects.head(KEY_OBJECT)) !== undefined)
      return Buffer.from(await pacs.objects.read(KEY_OBJECT))
    // One process draws it; the others find it.
    await pacs.database.withLock('secrets-key', async () => {
      if ((await pacs.objects.head(KEY_OBJECT)) !== undefined) return
      await pacs.objects.put(KEY_OBJECT, Readable.from([randomBytes(32)]), { size: 32 })
    })
    await new Promise((resolve) => setTimeout(resolve, attempt === 0 ? 0 : 50))
  }
  throw new YunyingError('unavailable', 'secrets-key-unavailable', 'Try again in a moment.')
}
