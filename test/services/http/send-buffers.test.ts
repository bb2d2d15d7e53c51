import { describe, expect, it } from 'vitest'
import { createSendBuffers } from '../../../services/http/send-buffers.ts'

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
    const lent = Array.from({ length: 100 }, () => buffers.lend(1 << 20))
    for (const each of lent) each.giveBack()
    const before = new Set(lent.map(({ bytes }) => bytes.buffer))
    const again = Array.from({ length: 100 }, () => buffers.lend(1 << 20))
    expect(again.filter(({ bytes }) => before.has(bytes.buffer)).length).toBe(48)
  })
})
