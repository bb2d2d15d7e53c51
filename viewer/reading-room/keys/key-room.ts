/** What of a room decides which keys there are. */
export interface KeyRoom {
  readonly several: boolean
  readonly hasPriors: boolean
  readonly maySave: boolean
  /** Computed planes are on screen. */
  readonly hasPlanes: boolean
  /** Keys move a cross. */
  readonly isPointing: boolean
}
