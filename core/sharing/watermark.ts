import type { Principal } from '../access/principal.ts'

/**
 * What lies over the images of a link: who looks, and when (UTC, to the minute, which changes no picture within one). One
 * line, at most 100 characters.
 */
export function watermarkOf(viewerName: string, at: Date): string {
  const when = at.toISOString().slice(0, 16).replace('T', ' ')
  return `${viewerName.slice(0, 80)} · ${when} UTC`
}

/** What marks the pictures that this principal is shown. */
export const markOf = (principal: Principal): { watermark?: string } => {
  const words = principal.kind === 'user' ? principal.share?.watermark : undefined
  return words === undefined || words === null ? {} : { watermark: words }
}
