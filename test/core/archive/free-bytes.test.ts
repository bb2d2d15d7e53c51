import { describe, expect, it } from 'vitest'
import { freeBytes } from '../../../core/archive/free-bytes.ts'

const LENGTH = 64 * 1024

describe('freeing bytes', () => {
  it('gives back the memory of a chunk that is all of its buffer', () => {
    const chunk = Buffer.from(new ArrayBuffer(LENGTH))
    freeBytes(chunk)
    expect(chunk.length).toBe(0)
    expect(chunk.buffer.byteLength).toBe(0)
  })

  it('leaves what others may have: parts of a buffer, of a pool, and memory that threads share', () => {
    const buffer = new ArrayBuffer(LENGTH)
    freeBytes(new Uint8Array(buffer, 1))
    freeBytes(new Uint8Array(buffer, 0, LENGTH - 1))
    const pooled = Buffer.from('pooled')
    freeBytes(pooled)
    freeBytes(new Uint8Array(pooled.buffer))
    const shared = new Uint8Array(new SharedArrayBuffer(LENGTH))
    freeBytes(shared)
    expect([buffer.byteLength, pooled.toString(), shared.length]).toEqual([LENGTH, 'pooled', LENGTH])
  })
})
