import { describe, expect, it } from 'vitest'
import { base32, hotp, otpauthUri, stepOfCode } from '../../../core/identity/totp.ts'

const SEED = Buffer.from('12345678901234567890')

describe('hotp', () => {
  it('answers the values of RFC 4226, Appendix D', () => {
    const values = [
      '755224',
      '287082',
      '359152',
      '969429',
      '338314',
      '254676',
      '287922',
      '162583',
      '399871',
      '520489',
    ]
    expect(values.map((_, counter) => hotp(SEED, counter))).toEqual(values)
  })

  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('answers the value of RFC 6238, Appendix B, at %d s', (time, value) => {
    expect(hotp(SEED, Math.floor(time / 30), 8)).toBe(value)
  })
})

describe('stepOfCode', () => {
  const now = 1_234_567_890_000
  const step = Math.floor(now / 30_000)

  it('takes the code of now, of the step before and of the one after', () => {
    for (const each of [step - 1, step, step + 1]) expect(stepOfCode(SEED, hotp(SEED, each), now)).toBe(each)
    expect(stepOfCode(SEED, `${hotp(SEED, step).slice(0, 3)} ${hotp(SEED, step).slice(3)}`, now)).toBe(step)
  })

  it('takes no other', () => {
    for (const each of [step - 2, step + 2]) expect(stepOfCode(SEED, hotp(SEED, each), now)).toBeUndefined()
    for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６'])
      expect(stepOfCode(SEED, code, now)).toBeUndefined()
  })
})

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %s as RFC 4648, 10 has it', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded)
  })
})

describe('otpauthUri', () => {
  it('names the account and the secret', () => {
    expect(otpauthUri(SEED, 'a b@example.org', 'Yunying')).toBe(
      'otpauth://totp/Yunying:a%20b%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Yunying&algorithm=SHA1&digits=6&period=30',
    )
  })
})
