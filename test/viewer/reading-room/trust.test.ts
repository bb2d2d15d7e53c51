import { describe, expect, it } from 'vitest'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import type { StackImage } from '../../../viewer/imaging/stack-image.ts'
import { geometryOfStack, imageTrust, isAlike, trustLines } from '../../../viewer/reading-room/trust.ts'

const asStored = { storedAs: '1.2.840.10008.1.2.1' }
const ds = (...values: number[]) => ({ vr: 'DS', Value: values })
const cs = (value: string) => ({ vr: 'CS', Value: [value] })
const image = (metadata: DicomJson): StackImage => ({
  url: '/frames/1',
  metadata,
  frameNumber: 1,
  numberOfFrames: 1,
})
/** Names of sentences with what is filled in. */
const t = (key: string, values: object = {}): string =>
  [
    key.replace('reading.trust-', ''),
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
  ].join(' ')
const linesOf = (images: readonly StackImage[]) => {
  const [first] = images
  if (first === undefined) throw new Error('no image')
  return trustLines(first, imageTrust(first, asStored), geometryOfStack(images), t)
}
const at = (z: number, y = 0, more: DicomJson = {}): StackImage =>
  image({
    '00080060': cs('CT'),
    '00200032': ds(0, y, z),
    '00200037': ds(1, 0, 0, 0, 1, 0),
    '00280030': ds(0.8, 0.5),
    ...more,
  })

describe('what is said of a pane', () => {
  it('is calm where all is well', () => {
    const lines = linesOf([at(0), at(2.5), at(5)])
    expect(lines.map(({ about }) => about)).toEqual(['pixels', 'geometry', 'calibration'])
    expect(lines.map(({ text }) => text)).toEqual(['lossless', 'uniform spacing=2.5', 'calibrated'])
    expect(lines.some(({ needsCare }) => needsCare)).toBe(false)
    expect(lines[2]?.why).toBe('patient-why spacing=0.5 × 0.8')
  })

  it('says that slices overlap, or that something lies between them', () => {
    const thick = (thickness: number) => [0, 2, 4].map((z) => at(z, 0, { '00180050': ds(thickness) }))
    expect(linesOf(thick(3))[1]?.why).toContain('overlap thickness=3')
    expect(linesOf(thick(1))[1]?.why).toContain('apart thickness=1')
    expect(linesOf(thick(2))[1]?.why).toBe('uniform-why spacing=2')
  })

  it('names a tilt, beside gaps too', () => {
    const tilted = (...places: number[]) => places.map((z) => at(z, z * Math.tan(Math.PI / 12)))
    expect(linesOf(tilted(0, 5, 10, 15))[1]).toMatchObject({ needsCare: true, text: 'tilt degrees=15.0' })
    const both = linesOf(tilted(0, 5, 10, 20))[1]
    expect(both).toMatchObject({ needsCare: true, text: 'gaps count=1' })
    expect(both?.why).toContain('gap-place count=1 from=3 to=4')
    expect(both?.why).toContain('tilt-why degrees=15.0')
  })

  it('says what became of colours where the file has a profile for them', () => {
    const colours = (profile: 'none' | 'applied' | 'missing') => {
      const one = at(0)
      const lines = trustLines(one, imageTrust(one, { ...asStored, profile }), geometryOfStack([one]), t)
      return lines.filter(({ about }) => about === 'colours').map(({ text, needsCare }) => [text, needsCare])
    }
    expect(colours('none')).toEqual([])
    expect(colours('applied')).toEqual([['quality.profile', false]])
    expect(colours('missing')).toEqual([['quality.no-profile', true]])
  })

  it('minds slices that are nowhere, and not projections', () => {
    expect(linesOf([image({ '00080060': cs('CT') })])[1]).toMatchObject({
      needsCare: true,
      text: 'not-spatial',
    })
    expect(linesOf([image({ '00080060': cs('CR') })])[1]).toMatchObject({ needsCare: false })
  })

  it.each<[string, DicomJson, boolean, string]>([
    ['nothing', {}, true, 'no-millimetres'],
    ['the detector', { '00181164': ds(0.2, 0.2) }, true, 'detector'],
    ['magnification', { '00181164': ds(0.2, 0.2), '00181114': ds(1.25) }, false, 'magnification factor=1.25'],
    ['geometry', { '00280030': ds(1, 1), '00280A02': cs('GEOMETRY') }, false, 'calibrated-geometry'],
  ])('says how a projection is calibrated: by %s', (_, more, needsCare, text) => {
    expect(linesOf([image({ '00080060': cs('DX'), ...more })])[2]).toMatchObject({ needsCare, text })
  })

  it('minds ultrasound only where no region measures millimetres', () => {
    const region = (units: number): DicomJson => ({
      '00186011': {
        vr: 'SQ',
        Value: [
          {
            '00186024': { vr: 'US', Value: [units] },
            '00186026': { vr: 'US', Value: [3] },
            '0018602C': { vr: 'FD', Value: [0.01] },
            '0018602E': { vr: 'FD', Value: [0.01] },
          },
        ],
      },
    })
    expect(linesOf([image(region(3))])[2]).toMatchObject({ needsCare: false, text: 'regions' })
    expect(linesOf([image(region(4))])[2]).toMatchObject({ needsCare: true, why: 'regions-none-why' })
  })

  it('is told again only when something else is to be told', () => {
    const [one, other] = [at(0), at(5)]
    expect(imageTrust(one, asStored)).toBe(imageTrust(one, asStored))
    expect(isAlike(imageTrust(one, asStored), imageTrust(other, asStored))).toBe(true)
    expect(isAlike(imageTrust(one, asStored), imageTrust(one, { storedAs: '1.2.840.10008.1.2.4.50' }))).toBe(
      false,
    )
  })
})
