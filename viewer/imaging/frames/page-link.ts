/** The least that an answer takes on a link that is far: there a frame is asked for in two parts. Milliseconds. */
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

/** Whether the page itself came over a slow or far link: known before the first frame. Nothing known is not slow. */
export function cameSlowly(
  resources: readonly ResourceTime[] = performance.getEntriesByType(
    'resource',
  ) as PerformanceResourceTiming[],
): boolean {
  const fetched = resources.filter(
    ({ transferSize, requestStart, responseStart }) => transferSize > 0 && responseStart > requestStart,
  )
  if (fetched.length === 0) return false
  // The quickest answer: what the others took longer was the server's work.
  if (Math.min(...fetched.map((each) => each.responseStart - each.requestStart)) >= FAR_MS) return true
  const large = fetched.filter(({ encodedBodySize }) => encodedBodySize >= LEAST_BYTES)
  const paces = large.map((each) => each.encodedBodySize / Math.max(1, each.responseEnd - each.responseStart))
  // Several came at once and shared the link: the quickest had most of it.
  return paces.length > 0 && Math.max(...paces) < SLOW
}
