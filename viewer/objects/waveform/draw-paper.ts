import type { Paper, Strip } from './waveform-layout.ts'

/** Two places on the paper, millimetres. */
export interface Caliper {
  readonly from: readonly [x: number, y: number]
  readonly to: readonly [x: number, y: number] | undefined
}

const COLOURS = {
  ground: '#0b0d10',
  fine: '#2a1a20',
  coarse: '#4d2b36',
  trace: '#e6e9ee',
  label: '#a7b0bc',
  caliper: '#5aa9ff',
} as const
/** Finer lines than this are a haze. Pixels of the screen. */
const LEAST_GRID = 2.5

/**
 * Draws a sheet of paper with its signals on a canvas of its size.
 *
 * @param scale CSS pixels a millimetre
 */
export function drawPaper(
  canvas: HTMLCanvasElement,
  paper: Paper,
  frequency: number,
  speed: number,
  scale: number,
  caliper: Caliper | undefined,
): void {
  const ratio = window.devicePixelRatio
  const [width, height] = [Math.round(paper.width * scale), Math.round(paper.height * scale)]
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(ratio, ratio)
  context.fillStyle = COLOURS.ground
  context.fillRect(0, 0, width, height)
  if (scale >= LEAST_GRID) grid(context, paper, scale, 1, COLOURS.fine)
  grid(context, paper, scale, 5, COLOURS.coarse)
  context.font = '600 12px system-ui, sans-serif'
  for (const strip of paper.strips) {
    trace(context, strip, frequency, speed, scale)
    context.fillStyle = COLOURS.label
    context.fillText(strip.channel.label, strip.left * scale + 4, (strip.zero - 8) * scale)
  }
  if (caliper !== undefined) drawCaliper(context, caliper, scale, height)
}

function grid(
  context: CanvasRenderingContext2D,
  paper: Paper,
  scale: number,
  step: number,
  colour: string,
): void {
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  for (let x = 0; x <= paper.width; x += step) {
    const at = Math.round(x * scale) + 0.5
    context.moveTo(at, 0)
    context.lineTo(at, paper.height * scale)
  }
  for (let y = 0; y <= paper.height; y += step) {
    const at = Math.round(y * scale) + 0.5
    context.moveTo(0, at)
    context.lineTo(paper.width * scale, at)
  }
  context.stroke()
}

function trace(
  context: CanvasRenderingContext2D,
  strip: Strip,
  frequency: number,
  speed: number,
  scale: number,
): void {
  context.strokeStyle = COLOURS.trace
  context.lineWidth = 1.25
  context.lineJoin = 'round'
  context.beginPath()
  let isDown = false
  for (let at = strip.from; at < strip.to; at++) {
    const value = strip.channel.values[at] ?? NaN
    // A sample that was not taken is a gap.
    if (Number.isNaN(value)) {
      isDown = false
      continue
    }
    const x = (strip.left + ((at - strip.from) / frequency) * speed) * scale
    const y = (strip.zero - value * strip.scale) * scale
    if (isDown) context.lineTo(x, y)
    else context.moveTo(x, y)
    isDown = true
  }
  context.stroke()
}

function drawCaliper(
  context: CanvasRenderingContext2D,
  { from, to }: Caliper,
  scale: number,
  height: number,
): void {
  context.strokeStyle = COLOURS.caliper
  context.lineWidth = 1
  context.beginPath()
  for (const point of to === undefined ? [from] : [from, to]) {
    const [x, y] = [point[0] * scale, point[1] * scale]
    context.moveTo(x, 0)
    context.lineTo(x, height)
    context.moveTo(x - 8, y)
    context.lineTo(x + 8, y)
  }
  if (to !== undefined) {
    context.moveTo(from[0] * scale, from[1] * scale)
    context.lineTo(to[0] * scale, to[1] * scale)
  }
  context.stroke()
}
