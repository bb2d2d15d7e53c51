/** What the guest of a link may do beside looking. */
export const SHARE_RIGHTS = ['download', 'annotate', 'report'] as const
export type ShareRight = (typeof SHARE_RIGHTS)[number]
