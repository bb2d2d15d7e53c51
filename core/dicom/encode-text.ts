/**
 * Text as bytes of a Specific Character Set: UTF-8 (ISO_IR 192), GB18030 and Latin-1 (ISO_IR 100).
 * The platform only decodes GB18030, so the way back is read off its decoder once per encoder.
 */
export function textEncoder(characterSet: string | undefined): (text: string) => Uint8Array {
  if (characterSet === 'ISO_IR 192') return (text) => new TextEncoder().encode(text)
  if (characterSet === 'GB18030') return gb18030Encoder()
  return (text) =>
    Uint8Array.from(text, (character) => {
      const code = character.codePointAt(0) ?? 0
      if (code > 0xff) throw new RangeError('The text has characters outside its character set.')
      return code
    })
}

function gb18030Encoder(): (text: string) => Uint8Array {
  const codes = new Map<string, readonly [number, number]>()
  const decoder = new TextDecoder('gb18030')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      const text = decoder.decode(Uint8Array.of(lead, trail))
      if (text.length === 1 && text !== '\uFFFD' && !codes.has(text)) codes.set(text, [lead, trail])
    }
  }
  return (text) =>
    Uint8Array.from(
      [...text].flatMap((character) => {
        const code = character.codePointAt(0) ?? 0
        if (code < 0x80) return [code]
        const pair = codes.get(character)
        if (pair === undefined) throw new RangeError('The text has characters outside its character set.')
        return [...pair]
      }),
    )
}
