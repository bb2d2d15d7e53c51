/** Of a profile of an RGB device: what it is made of. Each colorant is XYZ under D50. */
export interface RgbProfile {
  readonly colorants: readonly (readonly [number, number, number])[]
  /** Linear light is the value to this power. */
  readonly gamma: number
}

/** The primaries of sRGB under D50. Source: ICC, sRGB profile specification (IEC 61966-2-1 with Bradford adaptation). */
export const SRGB_COLORANTS = {
  red: [0.4360747, 0.2225045, 0.0139322],
  green: [0.3850649, 0.7168786, 0.0971045],
  blue: [0.1430804, 0.0606169, 0.7141733],
} as const

/** A profile of three colorants and one curve. Source: ICC.1:2010, 7.2 (header), 9.2 (tags), 10.5 (curve), 10.31 (XYZ). */
export function iccProfile({ colorants, gamma }: RgbProfile): Uint8Array {
  const curve = element('curv', [1, gamma * 256], [4, 2])
  const white = element('XYZ ', [0.9642, 1, 0.8249].map(fixed), [4, 4, 4])
  const elements: [string, Buffer][] = [
    ['wtpt', white],
    ...colorants.map((xyz, at): [string, Buffer] => [
      `${'rgb'[at]}XYZ`,
      element('XYZ ', xyz.map(fixed), [4, 4, 4]),
    ]),
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, curve]),
  ]
  const table = Buffer.alloc(4 + elements.length * 12)
  table.writeUInt32BE(elements.length, 0)
  let offset = 128 + table.length
  elements.forEach(([name, bytes], at) => {
    table.write(name, 4 + at * 12, 'latin1')
    table.writeUInt32BE(offset, 8 + at * 12)
    table.writeUInt32BE(bytes.length, 12 + at * 12)
    offset += bytes.length
  })
  const header = Buffer.alloc(128)
  header.writeUInt32BE(offset, 0)
  header.writeUInt32BE(0x02100000, 8)
  header.write('scnrRGB XYZ ', 12, 'latin1')
  header.write('acsp', 36, 'latin1')
  // Media-relative colorimetric.
  header.writeUInt32BE(1, 64)
  ;[0.9642, 1, 0.8249].forEach((value, at) => header.writeInt32BE(fixed(value), 68 + at * 4))
  return new Uint8Array(Buffer.concat([header, table, ...elements.map(([, bytes]) => bytes)]))
}

/** s15Fixed16Number. */
const fixed = (value: number): number => Math.round(value * 65_536)

function element(type: string, values: readonly number[], sizes: readonly number[]): Buffer {
  const parts = values.map((value, at) => {
    const part = Buffer.alloc(sizes[at] ?? 4)
    if (part.length === 2) part.writeUInt16BE(Math.round(value))
    else part.writeInt32BE(Math.round(value))
    return part
  })
  const bytes = Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), ...parts])
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
