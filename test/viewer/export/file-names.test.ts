import { expect, it } from 'vitest'
import { imageName, seriesName } from '../../../viewer/export/file-names.ts'

const image = {
  metadata: {
    '00080060': { vr: 'CS', Value: ['MR'] },
    '00200011': { vr: 'IS', Value: [12] },
    '0008103E': { vr: 'LO', Value: ['Wang axial'] },
    '00100020': { vr: 'LO', Value: ['P-4711'] },
  },
}

it('are of codes and numbers, and sort as the images do', () => {
  expect(seriesName(image)).toBe('MR-series-12')
  expect(imageName(image, 8, 120)).toBe('MR-series-12-image-009')
  expect(imageName(image, 119, 120)).toBe('MR-series-12-image-120')
})

it('have no room for what somebody typed where a code belongs', () => {
  const typed = { metadata: { '00080060': { vr: 'CS', Value: ['wang/fang ..'] } } }
  expect(seriesName(typed)).toBe('image-series-0')
})
