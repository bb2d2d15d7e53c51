import { describe, expect, it } from 'vitest'
import {
  singlePane,
  visiblePanes,
  withActive,
  withLayout,
  withMaximised,
  withNextPane,
  withSeries,
} from '../../../viewer/reading-room/pane-layout.ts'

const STUDY = ['a', 'b', 'c', 'd', 'e']
const QUAD = { rows: 2, columns: 2 }

describe('an arrangement of panes', () => {
  it('fills a larger layout with the series that follow, each once', () => {
    const four = withLayout(singlePane('b'), QUAD, STUDY)
    expect(four.series).toEqual(['b', 'c', 'd', 'e'])
    expect(withLayout(singlePane('e'), QUAD, STUDY).series).toEqual(['e', 'a', 'b', 'c'])
    expect(withLayout(singlePane('a'), QUAD, ['a', 'b']).series).toEqual(['a', 'b', undefined, undefined])
  })

  it('keeps what stood in panes that a smaller layout does not show, for when they are back', () => {
    const four = withActive(withLayout(singlePane('a'), QUAD, STUDY), 3)
    const one = withLayout(four, { rows: 1, columns: 1 }, STUDY)
    expect(visiblePanes(one)).toEqual([0])
    expect(one.active).toBe(0)
    expect(withLayout(one, QUAD, STUDY).series).toEqual(['a', 'b', 'c', 'd'])
  })

  it('shows a series where it is put, and makes that pane the active one', () => {
    const after = withSeries(withLayout(singlePane('a'), QUAD, STUDY), 2, 'e')
    expect(after.series).toEqual(['a', 'b', 'e', 'd'])
    expect(after.active).toBe(2)
  })

  it('goes around with the pane keys', () => {
    const four = withLayout(singlePane('a'), QUAD, STUDY)
    expect(withNextPane(four, -1).active).toBe(3)
    expect(withNextPane(withActive(four, 3), 1).active).toBe(0)
  })

  it('shows one pane alone and all again; with one there is nothing to change', () => {
    const alone = withMaximised(withActive(withLayout(singlePane('a'), QUAD, STUDY), 2))
    expect(visiblePanes(alone)).toEqual([2])
    expect(visiblePanes(withNextPane(alone, 1))).toEqual([3])
    expect(visiblePanes(withMaximised(alone))).toEqual([0, 1, 2, 3])
    const one = singlePane('a')
    expect(withMaximised(one)).toBe(one)
  })
})
