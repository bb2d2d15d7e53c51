import * as account from '../../../core/contract/account.ts'
import { CreateUser, SessionUser } from '../../../core/contract/api.ts'
import * as people from '../../../core/contract/people.ts'
import * as providers from '../../../core/contract/providers.ts'
import type { Operation } from './operation.ts'

/** The part of the description that is about people: how they sign in and are let in. */
export const PEOPLE_OPERATIONS: Record<string, Operation> = {
  'GET /api/account': { summary: 'How and where I sign in, and my tokens', answer: account.Account },
  'POST /api/account/proof': { summary: 'Show once more who I am', body: account.ProofGiven },
  'POST /api/account/proof/passkey': {
    summary: 'Begin to show who I am with a passkey',
    answer: account.PasskeyBegun,
  },
  'POST /api/account/codes': { summary: 'A new secret for an authenticator', answer: account.CodesBegun },
  'POST /api/account/codes/confirmation': {
    summary: 'Set up codes of an authenticator with the first of them',
    body: account.ConfirmCodes,
    answer: account.RecoveryCodes,
  },
  'POST /api/account/codes/recovery': { summary: 'New recovery codes', answer: account.RecoveryCodes },
  'DELETE /api/account/codes': { summary: 'Remove the codes of my authenticator' },
  'POST /api/account/passkeys/options': { summary: 'Begin a new passkey', answer: account.PasskeyBegun },
  'POST /api/account/passkeys': { summary: 'Keep the new passkey', body: account.AddPasskey },
  'PATCH /api/account/passkeys/:passkey': { summary: 'Name a passkey', body: account.RenamePasskey },
  'DELETE /api/account/passkeys/:passkey': { summary: 'Remove a passkey' },
  'DELETE /api/account/sessions': { summary: 'End my other sessions' },
  'DELETE /api/account/sessions/:session': { summary: 'End one of my sessions' },
  'POST /api/account/tokens': {
    summary: 'A new API token, shown once',
    body: account.CreateToken,
    answer: account.CreatedToken,
  },
  'DELETE /api/account/tokens/:token': { summary: 'Revoke an API token' },
  'DELETE /api/admin/users/:user/factors': {
    summary: 'Take the second factors of somebody away who lost them',
  },
  'GET /api/admin/sign-in': {
    summary: 'How people of the organisation sign in',
    answer: people.SignInSettings,
  },
  'GET /api/admin/invitations': {
    summary: 'Who was invited and has not come yet',
    answer: people.InvitationPage,
  },
  'POST /api/admin/invitations': {
    summary: 'Invite a person: a link that is shown once',
    body: CreateUser,
    answer: people.InvitationLink,
  },
  'POST /api/admin/invitations/:invitation/link': {
    summary: 'A new link in place of the earlier one',
    answer: people.InvitationLink,
  },
  'DELETE /api/admin/invitations/:invitation': { summary: 'Take an invitation back' },
  'GET /api/admin/providers': {
    summary: 'Identity providers of my organisation, without their secrets',
    answer: providers.ProviderPage,
  },
  'POST /api/admin/providers': {
    summary: 'Let people sign in with an identity provider',
    body: providers.ProviderTerms,
    answer: providers.AddedProvider,
  },
  'PUT /api/admin/providers/:provider': {
    summary: 'Change an identity provider',
    body: providers.ProviderTerms,
  },
  'PUT /api/admin/providers/:provider/disabled': {
    summary: 'Switch an identity provider off, or on again',
    body: providers.DisableProvider,
  },
  'DELETE /api/admin/providers/:provider': { summary: 'Remove an identity provider; accounts stay' },
  'POST /api/admin/providers/:provider/check': {
    summary: 'Whether an identity provider answers',
    answer: providers.ProviderCheck,
  },
  'GET /api/sign-in': { summary: 'Where else people sign in', answer: people.SignInOptions },
  'GET /api/sign-in/logo': { summary: 'The logo on the sign-in page (WebP)' },
  'GET /api/sign-in/:provider': { summary: 'Sign in with a provider: leads a browser there' },
  'GET /api/sign-in/callback': { summary: 'The way back from a provider' },
  'POST /api/invitations/look': {
    summary: 'What an invitation is for',
    body: people.LookInvitation,
    answer: people.InvitationLook,
  },
  'POST /api/invitations/accept': {
    summary: 'Accept an invitation, and sign in',
    body: people.AcceptInvitation,
    answer: SessionUser,
  },
  'PUT /api/admin/sign-in': { summary: 'Change how people sign in', body: people.SignInSettings },
}
