import { expect, it } from 'vitest'
import {
  everyNth,
  IMAGES_A_PAGE,
  inPages,
  layoutFor,
  MARGIN,
  shapeOf,
} from '../../../viewer/export/print-layout.ts'

it('has room for as many images as it says, upright and lying', () => {
  for (const imagesAPage of IMAGES_A_PAGE)
    for (const isLying of [false, true]) {
      const shape = shapeOf({ paper: 'A4', isLying, imagesAPage })
      expect(shape.columns * shape.rows).toBe(imagesAPage)
      expect([shape.width, shape.height]).toEqual(isLying ? [297, 210] : [210, 297])
      expect(shape.cellWidth * shape.columns).toBeLessThanOrEqual(shape.width - 2 * MARGIN)
    }
  expect(shapeOf({ paper: 'A4', isLying: true, imagesAPage: 6 })).toMatchObject({ columns: 3, rows: 2 })
})

it('is the smallest that has room for all', () => {
  expect([1, 3, 5, 20, 300].map(layoutFor)).toEqual([1, 4, 6, 20, 20])
})

it('has every so-many-th image, the first among them', () => {
  expect(everyNth(0, 9, 3)).toEqual([0, 3, 6, 9])
  expect(everyNth(4, 4, 7)).toEqual([4])
  expect(everyNth(5, 4, 1)).toEqual([])
  expect(everyNth(0, 9, Number.NaN)).toEqual([])
})

it('fills page after page', () => {
  expect(inPages([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
})
