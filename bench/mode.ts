/** What the command line says to a mode. */
export interface ModeRun {
  /** The repository, where dist/ is. */
  readonly root: string
  /** To try it out: seconds instead of minutes, and figures that mean little. */
  readonly isShort: boolean
  /** For `--soak`, how long. */
  readonly minutes: number | undefined
  /** For `--reading`, a folder with the files of one series. */
  readonly series: string | undefined
  /** Tells whoever waits what is under way. */
  say(text: string): void
}

/** Its text is printed, and all of it is written as JSON. */
export interface ModeResult {
  readonly text: string
}

/** What is measured instead of the rows beside the peers; starts and ends what it needs. */
export type Mode = (run: ModeRun) => Promise<ModeResult>
