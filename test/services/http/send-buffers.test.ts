import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LyingBytes } from '../../../core/archive/lying-bytes.ts'
import { createSendBuffers, type SendBuffers } from '../../../services/http/send-buffers.ts'

const MIB = 1 << 20

describe('createSendBuffers', () => {
  it('lends exactly as many bytes as asked for, and the same memory again when it was given back', () => {
    const buffers = createSendBuffers()
    const first = buffers.lend(500_000)
    expect(first.bytes.length).toBe(500_000)
    first.giveBack()
    const second = buffers.lend(510_000)
    expect(second.bytes.length).toBe(510_000)
    expect(second.bytes.buffer).toBe(first.bytes.buffer)
  })

  it('never lends to two at once, not even what was given back twice', () => {
    const buffers = createSendBuffers()
    const lent = buffers.lend(1000)
    lent.giveBack()
    lent.giveBack()
    const memories = [buffers.lend(1000), buffers.lend(1000), buffers.lend(1000)].map(
      ({ bytes }) => bytes.buffer,
    )
    expect(new Set(memories).size).toBe(3)
  })

  it('keeps a bounded amount of memory', () => {
    const buffers = createSendBuffers()
    const lent = Array.from({ length: 100 }, () => buffers.lend(MIB))
    for (const each of lent) each.giveBack()
    const before = new Set(lent.map(({ bytes }) => bytes.buffer))
    const again = Array.from({ length: 100 }, () => buffers.lend(MIB))
    expect(again.filter(({ bytes }) => before.has(bytes.buffer)).length).toBe(32)
  })
})

describe('what is sent again', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is read a second time, and then no more, for all who ask at once or one after the other', async () => {
    const buffers = createSendBuffers()
    const frame = stored('frame', 7)
    await sendOnce(buffers, frame)
    const lent = await Promise.all([1, 2, 3].map(() => buffers.lendFilled(frame)))
    for (const each of lent) each.giveBack()
    lent.push(await buffers.lendFilled(frame))
    expect(frame.readings).toBe(2)
    for (const { bytes } of lent) expect(bytes.equals(Buffer.alloc(MIB, 7))).toBe(true)
  })

  it('is read each time where it has no name, is small or very large', async () => {
    const buffers = createSendBuffers()
    for (const lying of [stored(undefined, 1), stored('small', 1, 1000), stored('large', 1, 9 * MIB)]) {
      for (let time = 1; time <= 4; time++) {
        const { bytes } = await buffers.lendFilled(lying)
        expect(lying.readings).toBe(time)
        expect(bytes.equals(Buffer.alloc(lying.size, 1))).toBe(true)
      }
    }
  })

  it('is not displaced by what is sent once', async () => {
    const buffers = createSendBuffers()
    const frame = stored('frame', 1)
    await sendTwice(buffers, frame)
    const memories = new Set<ArrayBufferLike>()
    for (let index = 0; index < 500; index++)
      memories.add(await sendOnce(buffers, stored(`other ${index}`, 2)))
    expect(memories.size).toBe(1)
    await sendOnce(buffers, frame)
    expect(frame.readings).toBe(2)
  })

  it('is not written over while somebody sends it, and makes room for what comes when nobody does', async () => {
    const buffers = createSendBuffers()
    await sendOnce(buffers, stored('sending', 1))
    const sending = await buffers.lendFilled(stored('sending', 1))
    const sent = await sendTwice(buffers, stored('sent', 2))
    const others: ArrayBufferLike[] = []
    for (let index = 0; index < 100; index++)
      others.push(await sendTwice(buffers, stored(`other ${index}`, 3)))
    expect(sending.bytes.equals(Buffer.alloc(MIB, 1))).toBe(true)
    expect(others).not.toContain(sending.bytes.buffer)
    expect(others).toContain(sent)
    // Nobody finds it any more; who sent it says that it has, and its place is used again.
    const again = stored('sending', 1)
    const waiting = await buffers.lendFilled(again)
    expect(again.readings).toBe(1)
    sending.giveBack()
    expect(buffers.lend(MIB).bytes.buffer).toBe(sending.bytes.buffer)
    waiting.giveBack()
  })

  it('makes way at 64 MiB, the longest unused first', async () => {
    const buffers = createSendBuffers()
    const [first, second, ...others] = Array.from({ length: 65 }, (_, index) =>
      stored(`frame ${index}`, index),
    )
    if (first === undefined || second === undefined) throw new Error('there are 65')
    for (const frame of [first, second, ...others.slice(0, -1)]) await sendTwice(buffers, frame)
    await sendOnce(buffers, first)
    await sendTwice(buffers, others.at(-1) ?? first)
    for (const frame of [first, ...others]) await sendOnce(buffers, frame)
    expect([first, ...others].every(({ readings }) => readings === 2)).toBe(true)
    await sendOnce(buffers, second)
    expect(second.readings).toBe(3)
  })

  it('is let go when it was not sent for a minute', async () => {
    const buffers = createSendBuffers()
    const [still, used] = [stored('still', 1), stored('used', 2)]
    for (const frame of [still, used]) await sendTwice(buffers, frame)
    for (let half = 0; half < 4; half++) {
      vi.advanceTimersByTime(30_000)
      await sendOnce(buffers, used)
    }
    expect(used.readings).toBe(2)
    await sendOnce(buffers, still)
    expect(still.readings).toBe(3)
    vi.advanceTimersByTime(10 * 60_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is tried again after it could not be read, and whoever waited is told', async () => {
    const buffers = createSendBuffers()
    const fault = new Error('the disk')
    const broken: LyingBytes = { size: MIB, name: 'frame', readInto: () => Promise.reject(fault) }
    for (const each of [1, 2, 3].map(() => buffers.lendFilled(broken))) await expect(each).rejects.toBe(fault)
    const frame = stored('frame', 5)
    const { bytes } = await buffers.lendFilled(frame)
    expect(bytes.equals(Buffer.alloc(MIB, 5))).toBe(true)
  })
})

/** The memory it was sent from. */
async function sendOnce(buffers: SendBuffers, lying: LyingBytes): Promise<ArrayBufferLike> {
  const { bytes, giveBack } = await buffers.lendFilled(lying)
  giveBack()
  return bytes.buffer
}

async function sendTwice(buffers: SendBuffers, lying: LyingBytes): Promise<ArrayBufferLike> {
  await sendOnce(buffers, lying)
  return sendOnce(buffers, lying)
}

/** Bytes of one value that lie in a store, which counts how often they are read. */
function stored(name: string | undefined, value: number, size = MIB): LyingBytes & { readings: number } {
  return {
    size,
    name,
    readings: 0,
    async readInto(target) {
      this.readings++
      await Promise.resolve()
      target.fill(value)
    },
  }
}
