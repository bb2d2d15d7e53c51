import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'
import { PasskeyBegun } from '../../core/contract/account.ts'
import { SessionUser } from '../../core/contract/api.ts'
import type { Api } from '../client/api.ts'
import { ApiError } from '../client/api-error.ts'

/** Loaded when a passkey is used: the sign-in page does not wait for it. */
const webauthn = () => import('@simplewebauthn/browser')

/** Signs in with a passkey that the person picks. Errors: ApiError; undefined when they thought better of it. */
export async function signInWithPasskey(api: Api): Promise<SessionUser | undefined> {
  const body = await askPasskey(api, '/api/session/passkey/options')
  return body === undefined
    ? undefined
    : api.call('POST', '/api/session/passkey', { body, answer: SessionUser })
}

/** A passkey's answer to a challenge from `path`; undefined when the person thought better of it. */
export async function askPasskey(
  api: Api,
  path: string,
): Promise<{ ceremony: string; response: unknown } | undefined> {
  const [{ startAuthentication }, { ceremony, options }] = await Promise.all([
    webauthn(),
    api.call('POST', path, { answer: PasskeyBegun }),
  ])
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const response = await unlessCancelled(() => startAuthentication({ optionsJSON }))
  return response === undefined ? undefined : { ceremony, response }
}

/** Makes a passkey in this browser or on a key. Errors: ApiError; false when the person thought better of it. */
export async function addPasskey(api: Api, name: string): Promise<boolean> {
  const [{ startRegistration }, { ceremony, options }] = await Promise.all([
    webauthn(),
    api.call('POST', '/api/account/passkeys/options', { answer: PasskeyBegun }),
  ])
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const response = await unlessCancelled(() => startRegistration({ optionsJSON }))
  if (response === undefined) return false
  await api.call('POST', '/api/account/passkeys', { body: { ceremony, response, name } })
  return true
}

/** Browsers say NotAllowedError for a person's no and for a wait that was too long, and no more than that. */
async function unlessCancelled<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError'))
      return undefined
    throw new ApiError(0, 'passkey-failed', 'The passkey could not be used.', { cause: error })
  }
}
