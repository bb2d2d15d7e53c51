/** More arrive at once than somebody waits to see: the disk is what is waited for, and its cache belongs to readers. */
const AT_ONCE = 3
/**
 * Senders pause between two instances, and while those before are committed: for so long after so many arrived at once, what
 * comes belongs to them still. Milliseconds.
 */
const LASTS_MS = 500

/** Whether objects arrive in a flood. */
export interface Flood {
  /** One more begins to arrive. Answers what to call when it is there, or given up. */
  arrives(): () => void
  /** Now, or a moment ago. */
  isOn(): boolean
}

/** `now`: milliseconds, any origin. */
export function createFlood(now: () => number = () => performance.now()): Flood {
  let arriving = 0
  let until = -Infinity
  return {
    arrives() {
      arriving++
      if (arriving >= AT_ONCE) until = now() + LASTS_MS
      return () => void arriving--
    },
    isOn: () => arriving >= AT_ONCE || now() < until,
  }
}
