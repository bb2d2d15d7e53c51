import type { SharedLook } from '../../core/contract/sharing.ts'

/** What is known of the link in the address. */
export type Look =
  | { readonly kind: 'asking' }
  | { readonly kind: 'unknown' | 'unreachable' }
  | { readonly kind: 'known'; readonly look: SharedLook; readonly logo: string | null }
