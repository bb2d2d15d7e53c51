export type NewPasswordFault = 'too-short' | 'differs' | 'unchanged'

const SHORTEST = 8

/** What keeps a new password from being taken, before the server is asked. */
export function newPasswordFault(form: {
  currentPassword: string
  newPassword: string
  again: string
}): NewPasswordFault | undefined {
  if (form.newPassword.length < SHORTEST) return 'too-short'
  if (form.newPassword === form.currentPassword) return 'unchanged'
  if (form.newPassword !== form.again) return 'differs'
  return undefined
}
