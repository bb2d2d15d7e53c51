import { z } from 'zod'
import { ACTIONS } from '../access/policy.ts'

/** Shapes of `/api/account`: how somebody signs in, where they are signed in, and their tokens. */

const Name = z.string().trim().min(1).max(100)
const Code = z.string().min(6).max(64)
/** As the browser's authenticator answers (WebAuthn); checked where it is verified. */
const Credential = z.looseObject({ id: z.string().max(2000) })
export const PasskeyAnswer = z.object({ ceremony: z.string().max(100), response: Credential })

// POST /api/session
export const SignIn = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1024),
  /** Of an authenticator, or a recovery code: when the answer was second-factor-needed. */
  code: z.string().min(6).max(64).optional(),
})
// GET /api/account
export const Account = z.object({
  hasPassword: z.boolean(),
  /** Whoever showed who they are this short a time ago need not do it again. */
  isProven: z.boolean(),
  codes: z.object({ since: z.string().nullable(), recoveryCodesLeft: z.number() }),
  /** A role of theirs needs a second factor. */
  isSecondFactorNeeded: z.boolean(),
  passkeys: z.array(
    z.object({
      passkeyId: z.string(),
      name: z.string(),
      /** Kept by the maker of the telephone or the browser too, not in one device alone. */
      isBackedUp: z.boolean(),
      createdAt: z.string(),
      lastUsedAt: z.string().nullable(),
    }),
  ),
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      address: z.string().nullable(),
      userAgent: z.string().nullable(),
      method: z.string(),
      since: z.string(),
      lastSeenAt: z.string(),
      isThis: z.boolean(),
    }),
  ),
  tokens: z.array(
    z.object({
      tokenId: z.string(),
      label: z.string(),
      /** null: all that its owner may do. */
      actions: z.array(z.string()).nullable(),
      createdAt: z.string(),
      expiresAt: z.string().nullable(),
      lastUsedAt: z.string().nullable(),
    }),
  ),
})
export type Account = z.infer<typeof Account>

/** With what somebody can show once more who they are. */
export const ProofKind = z.enum(['password', 'code', 'passkey'])
export type ProofKind = z.infer<typeof ProofKind>
// POST /api/account/proof
export const ProofGiven = z.object({
  password: z.string().min(1).max(1024).optional(),
  code: Code.optional(),
  passkey: PasskeyAnswer.optional(),
})
// POST /api/account/codes, …/confirmation, …/recovery
export const CodesBegun = z.object({ secret: z.string(), uri: z.string() })
export const ConfirmCodes = z.object({ code: Code })
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
// POST /api/session/passkey/options, /api/account/passkeys/options
export const PasskeyBegun = z.object({
  ceremony: z.string(),
  options: z.looseObject({ challenge: z.string() }),
})
// POST /api/account/passkeys; PATCH /api/account/passkeys/{id}
export const AddPasskey = PasskeyAnswer.extend({ name: Name })
export const RenamePasskey = z.object({ name: Name })
// POST /api/account/tokens
export const CreateToken = z.object({
  label: Name,
  days: z.number().int().min(1).max(366),
  actions: z.array(z.enum(ACTIONS)).min(1).nullable(),
})
export const CreatedToken = z.object({ token: z.string() })
