/**
 * What lies over the images of a link: who looks, and when (UTC, to the minute, which changes no picture within one). One
 * line, at most 100 characters.
 */
export function watermarkOf(viewerName: string, at: Date): string {
  const when = at.toISOString().slice(0, 16).replace('T', ' ')
  return `${viewerName.slice(0, 80)} · ${when} UTC`
}
