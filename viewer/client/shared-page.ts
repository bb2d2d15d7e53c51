/**
 * A page of a share link is at `/s/HANDLE.SECRET`. What it asks for names the handle, so that the archive judges it as the
 * link's guest, whoever is signed in beside it in the same browser.
 */

/** Where the page is; nowhere outside of a page. */
const here = (): string => (typeof window === 'undefined' ? '' : window.location.pathname)

/** The token in the address; undefined on every other page. */
export function sharedToken(path = here()): string | undefined {
  return /^\/s\/([\w.-]+)\/?$/.exec(path)?.[1]
}

const handle = (): string | undefined => sharedToken()?.split('.')[0]

/** What a request of this page says beside what it asks for. */
export function shareHeaders(): Record<string, string> {
  const shared = handle()
  return shared === undefined ? {} : { 'Yunying-Share': shared }
}

/** The address of what a browser fetches by itself, without headers: pictures, live events, downloads. */
export function shareAddress(path: string): string {
  const shared = handle()
  if (shared === undefined) return path
  return `${path}${path.includes('?') ? '&' : '?'}share=${encodeURIComponent(shared)}`
}
