import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { LOOK_UP_MODULE } from '../../../workers/codec/look-up-module.ts'

interface Wabt {
  parseWat(
    name: string,
    text: string,
    features: { simd: boolean },
  ): { validate(): void; toBinary(options: object): { buffer: Uint8Array } }
}

/** Whoever changes the source puts what is expected here into the module. */
it('is what its source compiles to', async () => {
  const openWabt = createRequire(import.meta.url)('wabt') as () => Promise<Wabt>
  const source = new URL('../../../workers/codec/look-up.wat', import.meta.url)
  const parsed = (await openWabt()).parseWat('look-up.wat', readFileSync(source, 'utf8'), { simd: true })
  parsed.validate()
  expect(LOOK_UP_MODULE).toBe(Buffer.from(parsed.toBinary({}).buffer).toString('base64'))
})
