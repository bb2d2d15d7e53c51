import { describe, expect, it } from 'vitest'
import { isGuessablePassword } from '../../../core/identity/guessable-password.ts'

const COMMON = [
  'password',
  'Password1!',
  'P@ssw0rd2024',
  'p4ssw0rd',
  'qwertyuiop',
  'Qwerty123!',
  '1qaz2wsx3edc',
  '1q2w3e4r5t',
  'zxcvbnm123',
  'abc12345',
  'abcd1234',
  'aaaaaaaa',
  'abcabcabc',
  '12345678',
  '19850712',
  '13800138000',
  'Welcome2026',
  'Admin@123',
  'administrator',
  'iloveyou1',
  'Summer2025!',
  'dragon99',
  'dragondragon',
  'woaini1314',
  'Woaini520',
  'a123456789',
  'letmein!!',
  'trustno1',
  'let me in 1',
  'yunying2026',
  'Radiology1',
]

describe('isGuessablePassword', () => {
  it.each(COMMON)('knows %s', (password) => {
    expect(isGuessablePassword(password)).toBe(true)
  })

  it.each([
    'correct horse battery',
    'a long password',
    'their own password',
    'Xk7#mQ2v',
    'kettle-violin-97',
    'vurbanitol',
    '紫色的大象在跳舞呢',
    '8s6djk2m',
    'h7ka-29xm-qq3r-b2vp',
  ])('leaves %s', (password) => {
    expect(isGuessablePassword(password)).toBe(false)
  })

  it('knows what everybody knows of the person', () => {
    const own = ['lihua.meyer@example.org', 'Dr. Lihua Meyer']
    expect(isGuessablePassword('Meyer2026!', own)).toBe(true)
    expect(isGuessablePassword('lihuameyer', own)).toBe(true)
    expect(isGuessablePassword('lihua.meyer@example.org', own)).toBe(true)
    expect(isGuessablePassword('Meyer2026!', [])).toBe(false)
  })
})
