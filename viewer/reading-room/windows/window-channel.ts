import { parseEnvelope, type RoomMessage } from './room-message.ts'

/** Windows that were opened from one another, as one desk. */
const DESK = 'yunying.desk'
/** From one word of a window that is there to the next. Milliseconds. */
const SAYS_SO_EVERY = 20_000
/** A window that says nothing for so long is gone; browsers wake a hidden one once a minute. Milliseconds. */
const GONE_AFTER = 75_000

export interface WindowChannel {
  tell(message: RoomMessage): void
  /** The windows that are there, with the studies on their screens. */
  others(): ReadonlyMap<string, readonly string[]>
  /** The studies on this one's. */
  show(studies: readonly string[]): void
  close(): void
}

/** What is used of the page, so that a test can be one. */
interface Page {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  open(name: string): Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>
}

const BROWSER: Page = {
  get storage() {
    return sessionStorage
  },
  open: (name) => new BroadcastChannel(name),
}

/**
 * Joins the windows of one reader that were opened from one another; a page that somebody opened by itself is not. A window
 * takes the name of its desk from the one that opened it, which browsers copy with the session's storage. Nothing leaves
 * the browser.
 */
export function openWindowChannel(
  userId: string,
  onMessage: (message: RoomMessage) => void,
  onOthers: () => void,
  page: Page = BROWSER,
): WindowChannel {
  const desk = page.storage.getItem(DESK) ?? crypto.randomUUID()
  page.storage.setItem(DESK, desk)
  const own = crypto.randomUUID()
  const channel = page.open(`yunying ${userId} ${desk}`)
  const heard = new Map<string, number>()
  let others: ReadonlyMap<string, readonly string[]> = new Map()
  let studies: readonly string[] = []
  let closed = false

  const tell = (message: RoomMessage): void => {
    if (!closed) channel.postMessage({ from: own, message })
  }
  const sayHere = (asks: boolean): void => tell({ kind: 'here', studies: [...studies], asks })

  function setOthers(next: ReadonlyMap<string, readonly string[]>): void {
    others = next
    onOthers()
  }

  function forget(from: string): void {
    heard.delete(from)
    if (others.has(from)) setOthers(new Map([...others].filter(([id]) => id !== from)))
  }

  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const received = parseEnvelope(data)
    if (closed || received === undefined || received.from === own) return
    const { from, message } = received
    heard.set(from, Date.now())
    if (message.kind === 'here') {
      if (others.get(from)?.join() !== message.studies.join())
        setOthers(new Map(others).set(from, message.studies))
      if (message.asks) sayHere(false)
    } else if (message.kind === 'gone') forget(from)
    onMessage(message)
  })
  const timer = setInterval(() => {
    sayHere(false)
    for (const [from, at] of heard) if (Date.now() - at > GONE_AFTER) forget(from)
  }, SAYS_SO_EVERY)

  return {
    tell,
    others: () => others,
    show(next) {
      const isFirst = studies.length === 0
      if (!isFirst && next.join() === studies.join()) return
      studies = next
      sayHere(isFirst)
    },
    close() {
      tell({ kind: 'gone' })
      closed = true
      clearInterval(timer)
      channel.close()
    },
  }
}
