import type { Principal } from '../access/principal.ts'

/** What marks the pictures that this principal is shown. */
export const markOf = (principal: Principal): { watermark?: string } => {
  const words = principal.kind === 'user' ? principal.share?.watermark : undefined
  return words === undefined || words === null ? {} : { watermark: words }
}
