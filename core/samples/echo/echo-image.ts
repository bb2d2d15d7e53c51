import { bloodVelocity, heartPhase, scattererAt } from './echo-heart.ts'
import type { Pause } from '../pace.ts'
import { clamp } from '../shape/profile.ts'
import { seededNormal } from '../shape/seeded-random.ts'
import { smoothNoise } from '../shape/smooth-noise.ts'

export const ECHO = {
  columns: 640,
  rows: 480,
  /** Where the sector's tip would be. */
  tipX: 306,
  tipY: 14,
  millimetresPerPixel: 0.4,
  /** Depth of the sector, and half its opening (radians). */
  depth: 168,
  halfAngle: 0.72,
} as const

/** Half the opening and the depths of the colour box. */
const BOX = { from: -0.08, to: 0.38, near: 48, far: 132 }
const RANGES = 720
const BEAMS = 420
const DYNAMIC_RANGE = 60

/** What stays the same from frame to frame. */
export interface EchoPainter {
  readonly tissue: Float32Array
  readonly shadow: (x: number, y: number, z: number) => number
  readonly pixels: readonly SectorPixel[]
}

interface SectorPixel {
  readonly at: number
  readonly range: number
  readonly angle: number
  readonly x: number
  readonly depth: number
  /** No wall is smooth, and no edge sharp across the beam: where the anatomy is looked up instead, mm from here. */
  readonly bendX: number
  readonly bendY: number
}

/** Prepares the speckle and the geometry of the sector. */
export async function openEchoPainter(pause: Pause): Promise<EchoPainter> {
  return { tissue: await speckle(61, pause), shadow: smoothNoise(62), pixels: await sectorPixels(pause) }
}

async function sectorPixels(pause: Pause): Promise<SectorPixel[]> {
  const pixels: SectorPixel[] = []
  const wobble = smoothNoise(63)
  for (let row = 0; row < ECHO.rows; row++) {
    await pause()
    for (let column = 0; column < ECHO.columns; column++) {
      const x = (column - ECHO.tipX) * ECHO.millimetresPerPixel
      const depth = (row - ECHO.tipY) * ECHO.millimetresPerPixel
      const range = Math.sqrt(x * x + depth * depth)
      const angle = Math.atan2(x, depth)
      if (range < 5 || range > ECHO.depth || Math.abs(angle) > ECHO.halfAngle) continue
      const blur = 0.6 + range * 0.011
      const bendX = 3.4 * wobble(x / 17, depth / 21, 3) + blur * wobble(angle * 60, range / 1.1, 9)
      const bendY = 2.6 * wobble(x / 19, depth / 17, 6) + 0.7 * wobble(angle * 60, range / 1.1, 12)
      pixels.push({ at: row * ECHO.columns + column, range, angle, x, depth, bendX, bendY })
    }
  }
  return pixels
}

/**
 * The strength of fully developed speckle, dB about its mean, on a grid of ranges × beams: the length of a complex random
 * field, finer along the beam than across.
 */
async function speckle(seed: number, pause: Pause): Promise<Float32Array> {
  const real = await blurred(seed, pause)
  const imaginary = await blurred(seed + 1, pause)
  const power = real.map((value, index) => value ** 2 + (imaginary[index] ?? 0) ** 2)
  const mean = power.reduce((sum, value) => sum + value, 0) / power.length
  return power.map((value) => 10 * Math.log10(value / mean + 1e-4))
}

async function blurred(seed: number, pause: Pause): Promise<Float32Array> {
  const normal = seededNormal(seed)
  let field = Float32Array.from({ length: RANGES * BEAMS }, normal)
  const smooth = async (stride: number, taps: readonly number[]) => {
    const out = new Float32Array(field.length)
    for (let index = 0; index < out.length; index++) {
      let sum = 0
      for (let k = 0; k < taps.length; k++) {
        sum += (taps[k] ?? 0) * (field[(index + (k - 3) * stride + out.length) % out.length] ?? 0)
      }
      out[index] = sum
    }
    field = out
    await pause()
  }
  await smooth(BEAMS, [0, 0.14, 0.5, 0.7, 0.5, 0.14, 0])
  await smooth(1, [0.12, 0.32, 0.5, 0.56, 0.5, 0.32, 0.12])
  await smooth(BEAMS, [0, 0.2, 0.5, 0.65, 0.5, 0.2, 0])
  await smooth(1, [0, 0.2, 0.5, 0.65, 0.5, 0.2, 0])
  return field
}

/** Paints one frame (RGB, pixel by pixel). `beat` runs from 0 to 1 over a heart beat. */
export async function paintEcho(
  painter: EchoPainter,
  rgb: Uint8Array,
  frame: { readonly index: number; readonly beat: number },
  pause: Pause,
): Promise<void> {
  const phase = heartPhase(frame.beat)
  const frameIndex = frame.index
  for (const [count, pixel] of painter.pixels.entries()) {
    if (count % 16384 === 0) await pause()
    // Tissue takes its speckle along when it moves; in blood it is new with every frame.
    const pull = phase.lift * clamp(pixel.depth / 95, 0, 1)
    const found = scattererAt(pixel.x + pixel.bendX, pixel.depth + pixel.bendY, phase)
    const range = found.blood ? pixel.range + frameIndex * 37.3 : pixel.range + pull
    const grain = speckleAt(painter.tissue, range, pixel.angle + (found.blood ? frameIndex * 0.31 : 0))
    const beam =
      5 * painter.shadow(pixel.angle * 9 + 7, 1.5, 2.5) - 26 * Math.max(0, Math.abs(pixel.angle) - 0.62)
    const far = -0.03 * Math.max(0, pixel.range - 90)
    const level = found.level + grain * (found.blood ? 0.8 : 1) + beam + far + 4
    const grey = Math.round(255 * clamp(1 + level / DYNAMIC_RANGE, 0, 1) ** 1.12)
    const colour = found.blood && inBox(pixel) ? dopplerColour(pixel, phase, grain) : undefined
    rgb.set(colour ?? [grey, grey, grey], pixel.at * 3)
  }
  paintFurniture(rgb, frameIndex)
}

function speckleAt(field: Float32Array, range: number, angle: number): number {
  const r = (range / ECHO.depth) * (RANGES - 2)
  const b = ((angle + ECHO.halfAngle) / (2 * ECHO.halfAngle)) * (BEAMS - 2)
  const r0 = Math.floor(r)
  const b0 = Math.floor(b)
  const u = r - r0
  const v = b - b0
  const at = (i: number, j: number) => field[(i % RANGES) * BEAMS + (((j % BEAMS) + BEAMS) % BEAMS)] ?? 0
  const near = at(r0, b0) + (at(r0, b0 + 1) - at(r0, b0)) * v
  const far = at(r0 + 1, b0) + (at(r0 + 1, b0 + 1) - at(r0 + 1, b0)) * v
  return near + (far - near) * u
}

const inBox = (pixel: SectorPixel) =>
  pixel.angle > BOX.from && pixel.angle < BOX.to && pixel.range > BOX.near && pixel.range < BOX.far

const NYQUIST = 0.62

/** Red towards the transducer, blue away; beyond the Nyquist velocity the colours fold over. */
function dopplerColour(pixel: SectorPixel, phase: ReturnType<typeof heartPhase>, grain: number) {
  const velocity = bloodVelocity(pixel.x, pixel.depth, phase)
  if (Math.abs(velocity) < 0.09) return undefined
  const rough = velocity * (1 + 0.012 * grain) + 0.004 * grain
  return velocityColour(((((rough + NYQUIST) % (2 * NYQUIST)) + 2 * NYQUIST) % (2 * NYQUIST)) - NYQUIST)
}

function velocityColour(velocity: number): readonly [number, number, number] {
  const part = Math.abs(velocity) / NYQUIST
  const strong = Math.round(255 * clamp(0.35 + part * 1.1, 0, 1))
  const light = Math.round(255 * clamp(part * 1.5 - 0.55, 0, 1))
  return velocity > 0 ? [strong, light, 0] : [0, light, strong]
}

/** The colour bar, the depth scale, the outline of the colour box and the ECG. No letters: nothing is burnt in. */
function paintFurniture(rgb: Uint8Array, frameIndex: number): void {
  const dot = (x: number, y: number, colour: readonly [number, number, number]) => {
    const column = Math.round(x)
    const row = Math.round(y)
    if (column < 0 || row < 0 || column >= ECHO.columns || row >= ECHO.rows) return
    rgb.set(colour, (row * ECHO.columns + column) * 3)
  }
  for (let row = 0; row < 110; row++) {
    for (let column = 0; column < 12; column++) {
      dot(604 + column, 24 + row, velocityColour(((55 - row) / 55) * NYQUIST))
    }
  }
  for (let depth = 0; depth <= ECHO.depth; depth += 10) {
    const long = depth % 50 === 0 ? 9 : 4
    for (let step = 0; step < long; step++) {
      dot(584 + step, ECHO.tipY + depth / ECHO.millimetresPerPixel, [170, 176, 184])
    }
  }
  const polar = (range: number, angle: number) =>
    dot(
      ECHO.tipX + (Math.sin(angle) * range) / ECHO.millimetresPerPixel,
      ECHO.tipY + (Math.cos(angle) * range) / ECHO.millimetresPerPixel,
      [210, 214, 220],
    )
  for (let step = 0; step <= 400; step++) {
    const t = step / 400
    polar(BOX.near, BOX.from + (BOX.to - BOX.from) * t)
    polar(BOX.far, BOX.from + (BOX.to - BOX.from) * t)
    polar(BOX.near + (BOX.far - BOX.near) * t, BOX.from)
    polar(BOX.near + (BOX.far - BOX.near) * t, BOX.to)
  }
  paintEcg(dot, frameIndex)
}

/** Frames in one beat and in the loop, for whoever times them. */
export const FRAMES_PER_BEAT = 24
export const FRAMES = 48

function paintEcg(
  dot: (x: number, y: number, colour: readonly [number, number, number]) => void,
  frameIndex: number,
): void {
  const width = 560
  for (let step = 0; step < width * 3; step++) {
    const x = 20 + step / 3
    const beat = ((step / (width * 3)) * (FRAMES / FRAMES_PER_BEAT)) % 1
    const drawn = step / (width * 3) <= (frameIndex + 1) / FRAMES
    dot(x, 462 - 22 * ecg(beat), drawn ? [72, 214, 120] : [28, 74, 46])
  }
}

function ecg(beat: number): number {
  const wave = (centre: number, width: number) => Math.exp(-(((beat - centre) / width) ** 2))
  const spike = wave(0, 0.012) + wave(1, 0.012)
  return spike - 0.25 * wave(0.03, 0.012) + 0.26 * wave(0.34, 0.05) + 0.13 * wave(0.84, 0.025)
}
