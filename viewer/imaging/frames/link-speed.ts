/** Faster than this, unpacking takes longer than what it saves. Bytes a millisecond (200 Mbit/s). */
const FAST = 25_000
/** Nothing is said on less. Milliseconds under way. */
const LEAST_MS = 50
/** What is older counts half, and half again. Milliseconds under way. */
const WINDOW_MS = 2_000

/** How fast frames come, all that are under way together: what the link gives, not what one request sees of it. */
export interface LinkSpeed {
  /** A frame is asked for. To be called with what came of it, bytes (0 when nothing did). */
  begin(): (bytes: number) => void
  /** Known to be fast; a link that nothing is known of is not. */
  isFast(): boolean
}

/** `now`: milliseconds, any origin. */
export function createLinkSpeed(now: () => number = () => performance.now()): LinkSpeed {
  let [underWay, since, busyMs, bytes] = [0, 0, 0, 0]
  const pass = (): void => {
    const at = now()
    if (underWay > 0) busyMs += at - since
    since = at
  }
  return {
    begin() {
      pass()
      underWay += 1
      return (came) => {
        pass()
        underWay -= 1
        bytes += came
        if (busyMs < WINDOW_MS) return
        busyMs /= 2
        bytes /= 2
      }
    },
    isFast: () => busyMs >= LEAST_MS && bytes / busyMs > FAST,
  }
}
