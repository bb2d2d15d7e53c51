import { openArrivals } from './arrivals.ts'

/**
 * The least that an answer takes on a link that is far: there a frame is asked for in two parts, and several in one request. Nearer, a few
 * requests at once fill any link that is slow, and the browser keeps what they bring. Milliseconds.
 */
const FAR_MS = 40
/** Slower than this, the page's own code says it. Bytes a millisecond (12 Mbit/s). */
const SLOW = 1_500
/** Less says nothing of how fast a link is. Bytes. */
const LEAST_BYTES = 32 << 10

/** What the browser measured of a resource (Resource Timing): milliseconds, bytes; nothing was transferred out of a cache. */
export type ResourceTime = Pick<
  PerformanceResourceTiming,
  'requestStart' | 'responseStart' | 'responseEnd' | 'transferSize' | 'encodedBodySize'
>

/** What the page itself shows of the link. */
export interface PageLink {
  /** The least that an answer took. Milliseconds. */
  readonly roundTripMs: number
  /** Of the quickest answer. Bytes a millisecond; undefined: too little came. */
  readonly pace: number | undefined
  /** Of all of them, while any was coming. Bytes a millisecond; undefined: that was too short to tell. */
  readonly steadyPace: number | undefined
}

/** How the page itself came; undefined: nothing did, or all of it out of a cache. */
export function pageLink(
  resources: readonly ResourceTime[] = performance.getEntriesByType(
    'resource',
  ) as PerformanceResourceTiming[],
): PageLink | undefined {
  const fetched = resources.filter(
    ({ transferSize, requestStart, responseStart }) => transferSize > 0 && responseStart > requestStart,
  )
  if (fetched.length === 0) return undefined
  const large = fetched.filter(({ encodedBodySize }) => encodedBodySize >= LEAST_BYTES)
  const paces = large.map((each) => each.encodedBodySize / Math.max(1, each.responseEnd - each.responseStart))
  return {
    // The quickest answer: what the others took longer was the server's work.
    roundTripMs: Math.min(...fetched.map((each) => each.responseStart - each.requestStart)),
    // Several came at once and shared the link: the quickest had most of it.
    pace: paces.length === 0 ? undefined : Math.max(...paces),
    steadyPace: steadyPace(large),
  }
}

/** Milliseconds. */
const REMEMBERED_FOR = 250

/** How the page came, remembered for a moment: each look makes an object of every answer so far, and is asked for at every frame. */
export function recentPageLink(
  now: () => number = () => performance.now(),
  look: () => PageLink | undefined = () => pageLink(),
): () => PageLink | undefined {
  let known: PageLink | undefined
  let until = -Infinity
  return () => {
    if (now() < until) return known
    known = look()
    until = now() + REMEMBERED_FOR
    return known
  }
}

function steadyPace(resources: readonly ResourceTime[]): number | undefined {
  const arrivals = openArrivals()
  for (const each of [...resources].sort((a, b) => a.responseStart - b.responseStart))
    arrivals.add([each.responseStart, each.responseEnd], each.encodedBodySize)
  return arrivals.steadyPace()
}

/** Nothing known is not far. */
export const isFarLink = (link: PageLink | undefined): boolean => (link?.roundTripMs ?? 0) >= FAR_MS

/** Whether such a link is slow or far, which is known before the first frame. Nothing known is not slow. */
export const isSlowLink = (link: PageLink | undefined): boolean =>
  isFarLink(link) || (link?.pace !== undefined && link.pace < SLOW)
