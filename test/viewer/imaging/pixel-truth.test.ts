import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { items, numbers } from '../../../core/dicom/dicom-json.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { transferSyntax } from '../../../core/dicom/transfer-syntax.ts'
import { CHROMIUM } from '../../support/chromium.ts'
import { isDecodedByGdcm, renderedByDcmtk, RENDERERS } from '../../support/dcmtk-rendering.ts'
import { openPixelPage, rgbOf, type PixelPage } from '../../support/pixel-page.ts'
import { allOf, describeWith } from '../../support/require.ts'
import { manifest, SHARED_DICOM, sharedDicom, type ManifestRow } from '../../support/shared-dicom.ts'

/** Grey levels of 255 by which a pixel may differ, and the share of the pixels that must keep to it. */
const TOLERANCE = 1
const SHARE = 0.999
/** What the page shows at once. */
const LARGEST_PIXELS = 1_300_000
/** Of each series of slices that are alike. */
const OF_A_SERIES = 3
const VOI_LUT_SEQUENCE = '00283010'
const DOC = join(import.meta.dirname, '../../../docs/pixel-truth.md')

const ROUNDED =
  'YBR: the peer is up to two levels beside the formula of PS3.3 C.7.6.3.1.2, which is rounded once here.'
const NOT_SQUARE =
  'The pixels are not square: they are drawn as they lie in the patient, the peer draws one for one.'

/** What differs from the peer, and why that is not a fault of ours. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'syntaxes/wg04/CT1_J2KI.dcm':
    'Padding is black here; the peer draws it by its value, four levels above. All stored values are the same.',
  'pixels/colour/SC_ybr_full_uncompressed.dcm': ROUNDED,
  'pixels/colour/us-ybr_full-rle.dcm': ROUNDED,
  'pixels/colour/planar0.dcm': NOT_SQUARE,
  'pixels/colour/planar1.dcm': NOT_SQUARE,
  'series/cr-dx/dx-mono1-dog.dcm': `${NOT_SQUARE} (1.2 by 1.2012 mm)`,
}

/** What the peer cannot render. */
const NO_PEER: Readonly<Record<string, string>> = {
  'pixels/bits/JLSL_08_07.dcm': 'The peer refuses 8 bits allocated of which 7 are stored.',
  'pixels/bits/parametric_map_float.dcm': 'The peer knows no pixels of floating point.',
  'pixels/colour/SC_rgb_32bit.dcm': 'The peer knows no colours of 32 bits.',
  'pixels/colour/palette-us-aloka-16bit.dcm': 'The peer knows no segmented palettes.',
  'pixels/lut/multiframe-windowing.dcm': 'The peer refuses the file: an attribute is missing.',
}

interface Compared {
  readonly row: ManifestRow
  readonly against: string
  readonly largest: number
  readonly share: number
}

describeWith(
  allOf(SHARED_DICOM, CHROMIUM, RENDERERS),
  'what a person sees, beside what others render',
  () => {
    const compared: Compared[] = []
    let page: PixelPage

    beforeAll(async () => {
      page = await openPixelPage()
      await page.renew()
    }, 120_000)
    afterAll(() => page?.close())

    const counted = new Map<string, number>()
    const rows = manifest().filter((row) => {
      if (!/^(pixels|syntaxes|series)\//.test(row.path) || row.truth_kind === '') return false
      if (Number(row.rows) * Number(row.cols) > LARGEST_PIXELS || row.path in NO_PEER) return false
      // Decoded by nobody else here; their stored values are checked against the manifest elsewhere.
      if (/\.4\.(201|202|203|111)$|\.1\.2\.8\.1$/.test(row.transfer_syntax)) return false
      if (!row.path.startsWith('series/')) return true
      const series = row.path.slice(0, row.path.lastIndexOf('/'))
      counted.set(series, (counted.get(series) ?? 0) + 1)
      return (counted.get(series) ?? 0) <= OF_A_SERIES
    })

    async function compare(row: ManifestRow): Promise<Compared> {
      const file = join(sharedDicom() ?? '', row.path)
      const frame = page.read(file)
      const { metadata } = frame
      const isNamed = numbers(metadata, Tag.WindowCenter).length > 0
      const isTable = !isNamed && items(metadata, VOI_LUT_SEQUENCE).length > 0
      let seen = await page.look('canvas', [frame])
      let window: string[] = isNamed ? ['+Wi', '1'] : isTable ? ['+Wl', '1'] : []
      if (!isNamed && !isTable && seen.window !== undefined) {
        // None, or one in each functional group, which the peer does not look for: both are given the same.
        const { center, width } = seen.window
        window = ['+Ww', String(center), String(width)]
        seen = await page.look('canvas', [frame], 0, { window: { center, width } })
      }
      const should = renderedByDcmtk(file, row.transfer_syntax, window)
      const is = rgbOf(seen)
      let [largest, within] = [0, 0]
      for (let at = 0; at < is.length; at++) {
        const difference = Math.abs((is[at] ?? NaN) - (should.rgb[at] ?? Infinity))
        largest = Math.max(largest, difference)
        if (difference <= TOLERANCE) within++
      }
      const against = [
        isDecodedByGdcm(row.transfer_syntax) ? 'GDCM and DCMTK' : 'DCMTK',
        window.length === 0 ? '' : `, ${window.join(' ')}`,
      ].join('')
      return { row, against, largest, share: is.length === should.rgb.length ? within / is.length : 0 }
    }

    it('is the same, within a grey level of 255 on 99.9 % of the pixels', { timeout: 300_000 }, async () => {
      for (const row of rows) compared.push(await compare(row))
      const differing = compared.filter(({ share }) => share < SHARE)
      const unexplained = differing.filter(({ row }) => !(row.path in EXCEPTIONS))
      expect(unexplained.map(({ row, largest, share }) => `${row.path}: ${largest}, ${share}`)).toEqual([])
      // An exception that is none any longer is said no more.
      expect(differing.map(({ row }) => row.path).sort()).toEqual(Object.keys(EXCEPTIONS).sort())
      expect(compared.length - differing.length).toBeGreaterThanOrEqual(100)
    })

    it('is written down, file by file', () => {
      const table = tableOf(compared)
      if (process.env['YUNYING_WRITE_DOCS'] === '1')
        writeFileSync(DOC, readFileSync(DOC, 'utf8').replace(/\| file[\s\S]*$/, `${table}\n`))
      expect(readFileSync(DOC, 'utf8')).toContain(table)
    })
  },
)

function tableOf(compared: readonly Compared[]): string {
  const lines = compared.map(({ row, against, largest, share }) => {
    const syntax = transferSyntax(row.transfer_syntax)?.name ?? row.transfer_syntax
    const remark = EXCEPTIONS[row.path] ?? ''
    const figures = `${largest} | ${(Math.floor(share * 1e5) / 1e3).toFixed(3)} %`
    return `| ${row.path} | ${syntax}, ${row.photometric}, ${row.bits} | ${against} | ${figures} | ${remark} |`
  })
  const others = Object.entries(NO_PEER).map(([path, why]) => `| ${path} | | | | | ${why} |`)
  return [
    '| file | kind | compared with | largest difference | within 1 | remark |',
    '| --- | --- | --- | ---: | ---: | --- |',
    ...lines,
    ...others,
  ].join('\n')
}
