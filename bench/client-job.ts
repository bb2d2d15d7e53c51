/** What the client process is asked to do; plain values, since they cross a process border. */
export type ClientJob = StowJob | GetJob | WriteJob | VisibleJob | LargeJob

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Of processes that answer the same: connections are shared out among all of them. */
  readonly morePorts?: readonly number[]
  readonly headers: Readonly<Record<string, string>>
}

/** STOW-RS: each request carries `perRequest` new instances of one study. */
export interface StowJob extends Endpoint {
  readonly kind: 'stow'
  readonly path: string
  readonly connections: number
  readonly perRequest: number
  readonly instances: number
  /** The instances are 1..n of this study; or, with `studies`, the first of as many studies from this number on. */
  readonly study: number
  readonly studies?: number
  readonly side: number
}

/** GETs in turn over the paths. */
export interface GetJob extends Endpoint {
  readonly kind: 'get'
  readonly paths: readonly string[]
  readonly connections: number
  readonly requests: number
}

/** The disk's limit: write, fsync, rename, fsync of the folder, for files of one instance. */
export interface WriteJob {
  readonly kind: 'write'
  readonly folder: string
  readonly connections: number
  readonly files: number
  readonly side: number
}

/** Upload until visible: stores a study, then asks the worklist until it shows all of it with a thumbnail that loads. */
export interface VisibleJob extends Endpoint {
  readonly kind: 'visible'
  readonly firstStudy: number
  readonly studies: number
  readonly instancesPerStudy: number
  readonly side: number
}

/** One instance of many GB, in and out. */
export interface LargeJob extends Endpoint {
  readonly kind: 'large'
  readonly direction: 'in' | 'out'
  readonly study: number
  readonly bytes: number
}

export interface ClientReport {
  readonly elapsedMs: number
  /** One entry a request (or a study, for `visible`), ms, ascending. */
  readonly latenciesMs: readonly number[]
  /** Instances, answers or files. */
  readonly count: number
  readonly bytes: number
  /** What the client itself used, ms. */
  readonly cpuMs: number
  /** How often each HTTP status came. */
  readonly statuses: Readonly<Record<string, number>>
}
