import * as oidc from 'openid-client'
import { YunyingError } from '../errors.ts'
import type { Pacs } from '../pacs.ts'
import { beginSession, type Comer, type SignedIn } from './begin-session.ts'
import { beginCeremony, endCeremony } from './ceremony.ts'
import { getProvider, type IdentityProvider } from './identity-providers.ts'
import { personOfClaims, type Claims } from './provider-person.ts'
import { openSecret } from './sealed-secret.ts'

/** How long somebody may take at the provider. */
const SIGN_IN_SECONDS = 900
const TIMEOUT_SECONDS = 10

interface Begun {
  readonly providerId: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  readonly redirectUri: string
  /** The page that was wanted: a path of ours. */
  readonly to: string
}

/**
 * Begins a sign-in with a provider (OpenID Connect, code flow with PKCE): where to send the browser, and the token that it must
 * bring back. Errors: 'not-found' code 'provider-not-found'; 'unavailable' code 'provider-unreachable'.
 */
export async function beginProviderSignIn(
  pacs: Pacs,
  { providerId, redirectUri, to }: { providerId: string; redirectUri: string; to: string },
): Promise<{ url: string; ceremony: string }> {
  const provider = await getProvider(pacs.database, providerId)
  const configuration = await discover(pacs, provider)
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: provider.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const begun: Begun = { providerId: provider.provider_id, verifier, state, nonce, redirectUri, to }
  const ceremony = await beginCeremony(pacs.database, {
    kind: 'provider-sign-in',
    state: begun,
    seconds: SIGN_IN_SECONDS,
  })
  return { url: url.href, ceremony }
}

/** How a sign-in with a provider ended, and the page that was wanted. */
export type ProviderOutcome = { readonly to: string } & (
  { readonly session: SignedIn } | { readonly refused: YunyingError }
)

/**
 * Ends it with what the provider answered (the query it came back with): once, and by the browser that began it. A refusal has a
 * code that says why: 'sign-in-over', 'provider-refused', 'provider-unreachable', 'provider-not-found', and those of `personOfClaims`.
 */
export async function endProviderSignIn(
  pacs: Pacs,
  input: Comer & { ceremony: string; query: string },
): Promise<ProviderOutcome> {
  const begun = await endCeremony<Begun>(pacs.database, 'provider-sign-in', input.ceremony)
  if (begun === undefined)
    return {
      to: '/',
      refused: new YunyingError(
        'invalid',
        'sign-in-over',
        'This sign-in took too long or was ended already.',
      ),
    }
  const { to } = begun.state
  try {
    const provider = await getProvider(pacs.database, begun.state.providerId)
    const claims = await claimsOf(await discover(pacs, provider), begun.state, input.query)
    const user = await personOfClaims(pacs, provider, claims, input.address)
    return { to, session: await beginSession(pacs, user, { ...input, method: 'provider' }) }
  } catch (error) {
    if (error instanceof YunyingError) return { to, refused: error }
    throw error
  }
}

async function claimsOf(
  configuration: oidc.Configuration,
  { verifier, state, nonce, redirectUri }: Begun,
  query: string,
): Promise<Claims> {
  const back = new URL(redirectUri)
  back.search = query
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined) throw new TypeError('The provider gave no ID token.')
    // Many say who somebody is there alone.
    const more =
      configuration.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
    return { ...more, ...claims }
  } catch (cause) {
    throw new YunyingError(
      'unauthenticated',
      'provider-refused',
      'The identity provider did not let you in. Try again, or ask an administrator.',
      { cause },
    )
  }
}

/** What the provider says of itself. Errors: 'unavailable' code 'provider-unreachable'. */
export async function discover(pacs: Pacs, provider: IdentityProvider): Promise<oidc.Configuration> {
  const secret =
    provider.client_secret === null
      ? undefined
      : (await openSecret(pacs, provider.provider_id, provider.client_secret)).toString()
  const issuer = new URL(provider.issuer)
  try {
    return await oidc.discovery(
      issuer,
      provider.client_id,
      undefined,
      secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret),
      {
        timeout: TIMEOUT_SECONDS,
        // Only the operator can have named one without TLS.
        ...(issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}),
      },
    )
  } catch (cause) {
    throw new YunyingError(
      'unavailable',
      'provider-unreachable',
      'The identity provider does not answer. Try again later, or sign in another way.',
      { cause },
    )
  }
}
