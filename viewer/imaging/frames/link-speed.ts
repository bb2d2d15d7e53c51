/** Faster than this, unpacking takes longer than what it saves. Bytes a millisecond (200 Mbit/s). */
const FAST = 25_000
/** Slower than this, waiting for whole frames is worse than asking twice for each. Bytes a millisecond (30 Mbit/s). */
const SLOW = 3_750
/** Nothing is said on less. Milliseconds under way. */
const LEAST_MS = 50
/** As much as this within less is quick, and says so. Bytes. */
const LEAST_ARRIVED = 128 << 10
/** What is older counts half, and half again. Milliseconds under way. */
const WINDOW_MS = 2_000

/** A frame that is under way. */
export interface Transfer {
  /** The answer begins: until now the server was at work, or the request on its way. */
  answered(): void
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
}

/**
 * @param now milliseconds, any origin
 * @param isSlowSoFar what is believed until frames have come
 */
export function createLinkSpeed(
  now: () => number = () => performance.now(),
  isSlowSoFar: () => boolean = () => false,
): LinkSpeed {
  const [whole, arriving] = [openMeter(now), openMeter(now, LEAST_ARRIVED)]
  return {
    begin() {
      const end = whole.begin()
      let endArriving: ((bytes: number) => void) | undefined
      return {
        answered() {
          // An answer that broke off is asked for again.
          endArriving?.(0)
          endArriving = arriving.begin()
        },
        end(bytes) {
          end(bytes)
          endArriving?.(bytes)
        },
      }
    },
    isFast: () => (whole.pace() ?? 0) > FAST,
    isSlow() {
      const pace = arriving.pace()
      return pace === undefined ? isSlowSoFar() : pace < SLOW
    },
  }
}

interface Meter {
  /** To be called with what came of it. */
  begin(): (bytes: number) => void
  /** Bytes a millisecond, of those in which something was under way; undefined: too few. */
  pace(): number | undefined
}

function openMeter(now: () => number, leastBytes = Infinity): Meter {
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
    pace: () =>
      (busyMs >= LEAST_MS && bytes > 0) || bytes >= leastBytes ? bytes / Math.max(1, busyMs) : undefined,
  }
}
