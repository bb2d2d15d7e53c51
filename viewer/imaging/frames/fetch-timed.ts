import { fetchFrame, type FetchFrame } from './fetch-frame.ts'
import type { LinkSpeed } from './link-speed.ts'

/** Fetches frames, each alone, and learns from them how fast the link is. */
export const fetchTimed =
  (link: Pick<LinkSpeed, 'begin'>): FetchFrame =>
  async (url, wanted, signal, { part } = {}) => {
    const transfer = link.begin()
    let came = 0
    try {
      const fetched = await fetchFrame(url, wanted, signal, part, transfer)
      came = fetched.bytes.length
      return fetched
    } finally {
      transfer.end(came)
    }
  }
