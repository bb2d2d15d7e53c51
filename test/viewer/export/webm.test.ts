import { expect, it } from 'vitest'
import { writeWebm } from '../../../viewer/export/webm.ts'

const frame = (at: number, isKey: boolean) => ({ bytes: Uint8Array.of(at & 0xff, 1, 2), at, isKey })

interface Element {
  readonly id: string
  readonly from: number
  readonly bytes: Uint8Array
}

/** The elements side by side in a part of a file; `from` is where they begin in that part. */
function elementsIn(bytes: Uint8Array): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length;) {
    const from = at
    const idLength = Math.clz32(bytes[at] ?? 0) - 23
    const id = Buffer.from(bytes.subarray(at, at + idLength)).toString('hex')
    at += idLength
    const size = Number(Buffer.from(bytes.subarray(at, at + 8)).readBigUInt64BE() & ((1n << 56n) - 1n))
    at += 8
    found.push({ id, from, bytes: bytes.subarray(at, at + size) })
    at += size
  }
  return found
}

const child = (elements: readonly Element[], id: string): Element =>
  elements.find((element) => element.id === id) ?? { id: 'none', from: -1, bytes: new Uint8Array() }

it('has a cluster for each key frame, where the cues say', async () => {
  const film = writeWebm({ codec: 'V_VP9', width: 64, height: 48, frameDuration: 100 }, [
    frame(0, true),
    frame(100, false),
    frame(200, true),
    frame(300, false),
  ])
  expect(film.type).toBe('video/webm')
  const top = elementsIn(new Uint8Array(await film.arrayBuffer()))
  expect(top.map(({ id }) => id)).toEqual(['1a45dfa3', '18538067'])
  const segment = elementsIn(child(top, '18538067').bytes)
  expect(segment.map(({ id }) => id)).toEqual(['1549a966', '1654ae6b', '1c53bb6b', '1f43b675', '1f43b675'])
  const duration = child(elementsIn(child(segment, '1549a966').bytes), '4489').bytes
  expect(Buffer.from(duration).readDoubleBE()).toBe(400)
  const clusters = segment.filter(({ id }) => id === '1f43b675')
  const said = elementsIn(child(segment, '1c53bb6b').bytes).map((cue) => {
    const positions = elementsIn(child(elementsIn(cue.bytes), 'b7').bytes)
    return Number(Buffer.from(child(positions, 'f1').bytes).readBigUInt64BE())
  })
  expect(said).toEqual(clusters.map(({ from }) => from))
  const blocks = elementsIn(clusters[1]?.bytes ?? new Uint8Array()).filter(({ id }) => id === 'a3')
  // Track 1, so long after its cluster, a key frame or none, then the frame.
  expect(blocks.map(({ bytes }) => [...bytes])).toEqual([
    [0x81, 0, 0, 0x80, 200, 1, 2],
    [0x81, 0, 100, 0, 44, 1, 2],
  ])
})
