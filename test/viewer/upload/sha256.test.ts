import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sha256 } from '../../../viewer/upload/sha256.ts'

describe('Sha256', () => {
  it("agrees with Node's for any bytes in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (pieces) => {
        const ours = new Sha256()
        const theirs = createHash('sha256')
        for (const piece of pieces) {
          ours.update(piece)
          theirs.update(piece)
        }
        return ours.digest() === theirs.digest('hex')
      }),
    )
  })

  it('is right where the padding needs a block of its own', () => {
    for (const length of [0, 55, 56, 63, 64, 119, 120, 1_000_003]) {
      const bytes = new Uint8Array(length).fill(0x61)
      expect(new Sha256().update(bytes).digest()).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })
})
