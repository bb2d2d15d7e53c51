import type { FrameStreamRequest } from '../../../core/contract/frame-stream.ts'
import { shareHeaders } from '../../client/shared-page.ts'
import {
  ACCEPT,
  asFetched,
  tellArrival,
  type ByteSpan,
  type FetchedFrame,
  type FetchFrame,
  type Turn,
  type Wanted,
} from './fetch-frame.ts'
import type { LinkSpeed } from './link-speed.ts'
import { readParts } from './part-reader.ts'

/** A frame that somebody waits for. */
interface Wish {
  readonly url: string
  readonly part: ByteSpan | undefined
  readonly signal: AbortSignal
  readonly came: (frame: FetchedFrame) => void
  /** It does not come with the others: it is asked for alone, and says then why it cannot be had. */
  readonly missing: () => void
}

interface Group {
  /** Where the frames of the series are asked for together. */
  readonly path: string
  readonly wanted: Wanted
  readonly wishes: Map<string, Wish>
}

/**
 * Frames of one series that are asked for in one turn, at the same moment, come one behind the other in one answer: on a far link a request
 * for each is a journey for each. One alone is fetched alone, which the browser can keep. What is given up is taken out of the answer when it
 * comes; an answer that nobody wants any more is broken off.
 */
export function fetchTogether(alone: FetchFrame, link: Pick<LinkSpeed, 'begin'>): FetchFrame {
  const turns = new Map<Turn, Map<string, Group>>()

  function send(turn: Turn): void {
    const groups = turns.get(turn)?.values() ?? []
    turns.delete(turn)
    for (const group of groups) {
      for (const [url, { signal }] of group.wishes) if (signal.aborted) group.wishes.delete(url)
      if (group.wishes.size > 1) void stream(group, link)
      else for (const { missing } of group.wishes.values()) missing()
    }
  }

  return (url, wanted, signal, { part, turn } = {}) => {
    const address = frameAddress(url)
    if (address === undefined || turn === undefined) return alone(url, wanted, signal, { part })
    const groups = turns.get(turn) ?? new Map<string, Group>()
    const key = `${wanted} ${address.series}`
    const group = groups.get(key) ?? { path: `/api${address.series}/frames`, wanted, wishes: new Map() }
    if (group.wishes.has(url)) return alone(url, wanted, signal, { part })
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      if (!turns.has(turn)) afterThisTask(() => send(turn))
      turns.set(turn, groups.set(key, group))
      const gone = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', gone, { once: true })
      const stay = (): void => signal.removeEventListener('abort', gone)
      group.wishes.set(url, {
        url,
        part,
        signal,
        came(frame) {
          stay()
          resolve(frame)
        },
        missing() {
          stay()
          if (signal.aborted) gone()
          else alone(url, wanted, signal, { part }).then(resolve, reject)
        },
      })
    })
  }
}

async function stream({ path, wanted, wishes }: Group, link: Pick<LinkSpeed, 'begin'>): Promise<void> {
  const controller = new AbortController()
  const leave = (): void => {
    if (wishes.size > 0 && [...wishes.values()].every(({ signal }) => signal.aborted)) controller.abort()
  }
  for (const { signal } of wishes.values()) signal.addEventListener('abort', leave, { once: true })
  const transfer = link.begin()
  let came = 0
  try {
    const asked = performance.now()
    const response = await fetch(path, {
      method: 'POST',
      headers: { Accept: ACCEPT[wanted], 'Content-Type': 'application/json', ...shareHeaders() },
      body: JSON.stringify(requestFor([...wishes.values()])),
      credentials: 'same-origin',
      signal: controller.signal,
    })
    if (!response.ok || response.body === null) return await response.body?.cancel()
    transfer.answered()
    for await (const { headers, bytes } of readParts(response.body)) {
      came += bytes.length
      const url = headers.get('Content-Location') ?? ''
      const wish = wishes.get(url)
      if (wish === undefined) continue
      wishes.delete(url)
      wish.signal.removeEventListener('abort', leave)
      wish.came(asFetched(bytes, headers))
      // The others may have been given up before.
      leave()
    }
    tellArrival(response.url, asked, transfer)
  } catch {
    // Whatever it was, each that is missing is asked for again, and meets it or does not.
  } finally {
    transfer.end(came)
    for (const { signal, missing } of wishes.values()) {
      signal.removeEventListener('abort', leave)
      missing()
    }
  }
}

function requestFor(wishes: readonly Wish[]): FrameStreamRequest {
  return {
    frames: wishes.flatMap(({ url, part }) => {
      const address = frameAddress(url)
      return address === undefined
        ? []
        : [{ instance: address.instance, frame: address.frame, ...(part && { part }) }]
    }),
  }
}

/** Undefined: not the path of one frame. */
function frameAddress(
  url: string,
): { readonly series: string; readonly instance: string; readonly frame: number } | undefined {
  const [, series, instance, frame] =
    /^\/dicom-web(\/studies\/[\d.]+\/series\/[\d.]+)\/instances\/([\d.]+)\/frames\/(\d+)$/.exec(url) ?? []
  if (series === undefined || instance === undefined) return undefined
  return { series, instance, frame: Number(frame) }
}

/** Not by a timer: those of a page behind others are held back. */
function afterThisTask(act: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    act()
  }
  port2.postMessage(undefined)
}
