import type { PrimaryTool } from '../imaging/pane-tools.ts'

/** What can be done to the pane, by key or by button. */
export interface ReadingCommands {
  /** Image pixels, as one sees them. */
  movePoint(right: number, down: number): void
  setPoint(): void
  step(by: number): void
  goTo(index: number | 'last'): void
  stepSeries(by: 1 | -1): void
  /** To the next study of the list that the reader came from. */
  stepStudy(by: 1 | -1): void
  /** Undefined: automatic. */
  window(window: { center: number; width: number } | undefined): void
  /** The window of the active pane becomes a preset of the modality. */
  keepWindow(): void
  chooseTool(tool: PrimaryTool): void
  /** A cross that keys move, for measuring without a mouse; again: none. */
  point(): void
  /** The image shown becomes a key image, or is one no more. */
  toggleKeyImage(): void
  /** Gives up what is being drawn, then the tool. */
  letGo(): void
  invert(): void
  rotate(degrees: 90 | -90): void
  flip(axis: 'horizontal' | 'vertical'): void
  fit(): void
  oneToOne(): void
  zoomBy(factor: number): void
  reset(): void
  toggleCine(): void
  /** An address of what is shown, on the clipboard. */
  copyLink(): void
  /** The DICOM attributes of the image. */
  showTags(): void
  /** Window, area and drawings as a presentation state. */
  keepView(): void
  toggleTexts(): void
  toggleOverlays(): void
  /** Segmentations and contours. */
  toggleDrawn(): void
  toggleShutter(): void
  /** The series and priors beside the panes. */
  toggleRail(): void
  /** Asks for rows and columns. */
  chooseLayout(): void
  nextPane(by: 1 | -1): void
  /** The active pane alone, or all of them again. */
  maximise(): void
  /** The panes scroll together, or each for itself again. */
  link(): void
  /** The best prior beside what is read. */
  comparePrior(): void
  /** Planes through the active series, or its images again. */
  togglePlanes(): void
  nextSlabMode(): void
  thicken(by: 1 | -1): void
  toggleLines(): void
  toggleMarks(): void
  /** Makes a report of what was measured. */
  saveMarks(): void
  /** The marks that were clicked last. */
  deleteMarks(): void
  /** Image pixels, as one sees them: the marks that were clicked last, or the one drawn last. */
  nudge(right: number, down: number): void
  /** Millimetres at the detector, where an image has no others; or pixels again. */
  takeDetector(): void
  undo(): void
  redo(): void
}
