import { LEAST_MS, openArrivals, WINDOW_MS } from './arrivals.ts'
import { isFarLink, isSlowLink, type PageLink } from './page-link.ts'

/** Faster than this, unpacking takes longer than what it saves. Bytes a millisecond (200 Mbit/s). */
const FAST = 25_000
/** Slower than this, waiting for whole frames is worse than asking twice for each. Bytes a millisecond (30 Mbit/s). */
const SLOW = 3_750
/** A reader who scrolls away waits for no more than a few times this. Bytes. */
const HOLDS_MOST = 1 << 20

/** A frame that is under way. */
export interface Transfer {
  /** The answer begins: until now the server was at work, or the request on its way. */
  answered(): void
  /**
   * When its answer began and was all here, as the browser saw it. A page that is busy sees both late, and apart: what it did
   * between them is not the link's. Milliseconds, of the clock that counts.
   */
  arrived(from: number, to: number): void
  /** With what came of it, bytes; 0 when nothing did. */
  end(bytes: number): void
}

/** How fast frames come, all that are under way together: what the link gives, not what one request sees of it. */
export interface LinkSpeed {
  /** A frame is asked for. */
  begin(): Transfer
  /** Known to be fast, from asking to having; a link that nothing is known of is not. */
  isFast(): boolean
  /** Known to be slow, by how answers arrive once they have begun; before that by what came over it before any frame. */
  isSlow(): boolean
  /**
   * As much as is on its way at once when a far link is full: what comes in the time of a round trip. Bytes; 0: not known yet,
   * or not far.
   */
  holds(): number
}

/**
 * @param now milliseconds, any origin
 * @param page how the page itself came, which is believed until frames have come, and of how far it is
 */
export function createLinkSpeed(
  now: () => number = () => performance.now(),
  page: () => PageLink | undefined = () => undefined,
): LinkSpeed {
  const [whole, arriving] = [openMeter(now), openArrivals()]
  return {
    begin() {
      const end = whole.begin()
      let from: number | undefined
      let span: readonly [number, number] | undefined
      return {
        answered() {
          // An answer that broke off is asked for again.
          if (from !== undefined) arriving.add([from, now()], 0)
          from = now()
        },
        arrived: (began, ended) => void (span = [began, ended]),
        end(bytes) {
          end(bytes)
          if (from !== undefined) arriving.add(span ?? [from, now()], bytes)
        },
      }
    },
    isFast: () => (whole.pace() ?? 0) > FAST,
    isSlow() {
      const pace = arriving.pace()
      return pace === undefined ? isSlowLink(page()) : pace < SLOW
    },
    holds() {
      const known = page()
      if (known === undefined || !isFarLink(known)) return 0
      return Math.min(HOLDS_MOST, known.roundTripMs * (arriving.steadyPace() ?? known.steadyPace ?? 0))
    },
  }
}

interface Meter {
  /** To be called with what came of it. */
  begin(): (bytes: number) => void
  /** Bytes a millisecond, of those in which something was under way; undefined: too few. */
  pace(): number | undefined
}

function openMeter(now: () => number): Meter {
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
    pace: () => (busyMs >= LEAST_MS && bytes > 0 ? bytes / Math.max(1, busyMs) : undefined),
  }
}
