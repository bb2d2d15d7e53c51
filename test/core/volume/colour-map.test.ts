import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lutEntries } from '../../../core/dicom/lookup-table.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { COLOUR_MAPS, colourAt, COLOURS, type ColourMapName } from '../../../core/volume/colour-map.ts'
import { describeWith } from '../../support/require.ts'
import { SHARED_DICOM, sharedDicom } from '../../support/shared-dicom.ts'

const entries = Array.from({ length: COLOURS }, (_, entry) => entry)

/** A checksum of all colours, in order (Adler-32). */
function checksum(name: ColourMapName): number {
  let [a, b] = [1, 0]
  for (const entry of entries)
    for (const channel of colourAt(name, entry)) {
      a = (a + channel) % 65_521
      b = (b + a) % 65_521
    }
  return b * 65_536 + a
}

describe('colourAt', () => {
  it('has whole numbers of 0 to 255 for every entry of every map', () => {
    for (const name of COLOUR_MAPS)
      for (const channel of entries.flatMap((entry) => colourAt(name, entry)))
        expect(Number.isInteger(channel) && channel >= 0 && channel <= 255).toBe(true)
  })

  it('has the colours that the standard’s palettes have at their turns', () => {
    expect([0, 127, 128, 191, 192, 255].map((entry) => colourAt('hot-iron', entry))).toEqual([
      [0, 0, 0],
      [254, 0, 0],
      [255, 0, 0],
      [255, 126, 0],
      [255, 128, 4],
      [255, 255, 255],
    ])
    expect([0, 63, 128, 192, 255].map((entry) => colourAt('pet', entry))).toEqual([
      [0, 0, 0],
      [0, 128, 125],
      [128, 0, 255],
      [255, 128, 0],
      [255, 255, 255],
    ])
    expect([12, 13, 242, 243].map((entry) => colourAt('pet-20', entry))).toEqual([
      [0, 0, 0],
      [96, 0, 80],
      [255, 0, 0],
      [255, 255, 255],
    ])
  })

  it('has every colour of the palettes that PS3.6 B.1 lists', () => {
    // zlib.adler32 over the tables as pydicom ships them, red, green and blue of each entry in turn.
    expect(checksum('hot-iron')).toBe(2435456784)
    expect(checksum('pet')).toBe(1383685589)
    expect(checksum('pet-20')).toBe(661998284)
  })

  it('runs from blue to red, and from white to black', () => {
    expect([0, 127.5, 255].map((entry) => colourAt('rainbow', entry))).toEqual([
      [0, 0, 255],
      [0, 255, 0],
      [255, 0, 0],
    ])
    expect([0, 100, 255].map((entry) => colourAt('inverted-grey', entry))).toEqual([
      [255, 255, 255],
      [155, 155, 155],
      [0, 0, 0],
    ])
  })
})

describeWith(SHARED_DICOM, 'the Hot Iron palette', () => {
  it('equals the object that the standard publishes, entry by entry', () => {
    const file = readFileSync(join(sharedDicom() ?? '', 'objects/palette/hotiron.dcm'))
    const json = datasetToJson(file, { bulkDataUri: () => '' })
    const channels = ['00281201', '00281202', '00281203'].map(
      (tag) => lutEntries(json[tag], COLOURS, 8) ?? [],
    )
    for (const entry of entries)
      expect(colourAt('hot-iron', entry)).toEqual(channels.map((channel) => channel[entry]))
  })
})
