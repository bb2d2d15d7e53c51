import { BRIEF, THOROUGH, type Quiet } from './settle.ts'

/** How much a run does. */
export interface Size {
  readonly name: 'short' | 'default' | 'full'
  readonly runs: number
  /** Between one row on one server and the next. */
  readonly quiet: Quiet
  /** A row is run at least so long before it counts: code is compiled as it is used. Milliseconds. */
  readonly warmMs: number
  /** Instances a run of STOW-RS 8 × 1; 8 × 20 takes twice as many. */
  readonly stowInstances: number
  readonly frameRequests: number
  readonly metadataRequests: number
  readonly queryStudies: number
  readonly queryRequests: number
  readonly visibleStudies: number
  readonly visibleSlices: number
}

export const SIZES: Readonly<Record<Size['name'], Size>> = {
  short: {
    name: 'short',
    runs: 1,
    quiet: BRIEF,
    warmMs: 0,
    stowInstances: 80,
    frameRequests: 100,
    metadataRequests: 10,
    queryStudies: 60,
    queryRequests: 20,
    visibleStudies: 3,
    visibleSlices: 40,
  },
  default: {
    name: 'default',
    runs: 3,
    quiet: THOROUGH,
    warmMs: 3_000,
    stowInstances: 1200,
    frameRequests: 1200,
    metadataRequests: 80,
    queryStudies: 1000,
    queryRequests: 200,
    visibleStudies: 20,
    visibleSlices: 200,
  },
  full: {
    name: 'full',
    runs: 5,
    quiet: THOROUGH,
    warmMs: 5_000,
    stowInstances: 2400,
    frameRequests: 5000,
    metadataRequests: 400,
    queryStudies: 20_000,
    queryRequests: 1000,
    visibleStudies: 100,
    visibleSlices: 200,
  },
}

/** Beside which a search is asked fewer times: a peer takes seconds for what we do not. */
const MANY_STUDIES = 5_000
const FEW_REQUESTS = 50

/** The same, with so many studies to search in. */
export const withStudies = (size: Size, queryStudies: number): Size => ({
  ...size,
  queryStudies,
  queryRequests:
    queryStudies > MANY_STUDIES ? Math.min(size.queryRequests, FEW_REQUESTS) : size.queryRequests,
})
