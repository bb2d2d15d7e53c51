import { writeWebm, type FilmFrame, type FilmTrack } from './webm.ts'

/** A film that is made picture by picture. */
export interface Film {
  /** The next picture; one of another size is fitted into the film's. */
  add(picture: HTMLCanvasElement): Promise<void>
  /** Errors: FilmFailed. */
  finish(): Promise<Blob>
  /** Gives it up. */
  close(): void
}

/** The browser could not make a film of it. */
export class FilmFailed extends Error {
  constructor(cause?: unknown) {
    super('the browser cannot make the film', { cause })
    this.name = 'FilmFailed'
  }
}

export interface FilmShape {
  readonly width: number
  readonly height: number
  readonly perSecond: number
}

/** Of an encoder, waiting. More would only fill the memory. */
const MOST_WAITING = 4
/** A player can go to each of these frames at once. Seconds between them; below 32, which a block's time has room for. */
const KEY_EVERY = 2
const MICROSECONDS = 1000
const CODECS = [
  ['vp09.00.51.08', 'V_VP9'],
  ['vp8', 'V_VP8'],
] as const

/**
 * How this browser can make a film: frame by frame, or by recording in the time that the film takes (a page that did not
 * come over TLS is given no encoder). Undefined: not at all.
 */
export function filmMaking(): 'encoded' | 'recorded' | undefined {
  if (typeof VideoEncoder !== 'undefined') return 'encoded'
  const canRecord = typeof MediaRecorder !== 'undefined' && MediaRecorder.isTypeSupported('video/webm')
  return canRecord && 'captureStream' in HTMLCanvasElement.prototype ? 'recorded' : undefined
}

/** Errors: FilmFailed. */
export async function openFilm(shape: FilmShape): Promise<Film> {
  // Encoders halve the resolution of colours, and so want even sides.
  const even = {
    ...shape,
    width: shape.width + (shape.width % 2),
    height: shape.height + (shape.height % 2),
  }
  return filmMaking() === 'encoded' ? encodedFilm(even) : recordedFilm(even)
}

async function encodedFilm({ width, height, perSecond }: FilmShape): Promise<Film> {
  const bitrate = Math.max(2e6, Math.min(40e6, width * height * perSecond * 0.5))
  const base = { width, height, bitrate, framerate: perSecond, latencyMode: 'quality' } as const
  let chosen: { readonly config: VideoEncoderConfig; readonly codec: FilmTrack['codec'] } | undefined
  for (const [codec, name] of CODECS) {
    const config = { ...base, codec }
    if (chosen === undefined && (await VideoEncoder.isConfigSupported(config)).supported === true)
      chosen = { config, codec: name }
  }
  if (chosen === undefined) throw new FilmFailed()
  const frameDuration = 1000 / perSecond
  const frames: FilmFrame[] = []
  let fault: unknown
  const encoder = new VideoEncoder({
    output(chunk) {
      const bytes = new Uint8Array(chunk.byteLength)
      chunk.copyTo(bytes)
      frames.push({ bytes, at: chunk.timestamp / MICROSECONDS, isKey: chunk.type === 'key' })
    },
    error(error) {
      fault = error
    },
  })
  encoder.configure(chosen.config)
  const { canvas, draw } = screenOf({ width, height })
  let count = 0
  return {
    async add(picture) {
      while (encoder.encodeQueueSize > MOST_WAITING && fault === undefined)
        await new Promise((resolve) => encoder.addEventListener('dequeue', resolve, { once: true }))
      if (fault !== undefined) throw new FilmFailed(fault)
      draw(picture)
      const frame = new VideoFrame(canvas, {
        timestamp: Math.round(count * frameDuration * MICROSECONDS),
        duration: Math.round(frameDuration * MICROSECONDS),
      })
      encoder.encode(frame, { keyFrame: count % Math.max(1, Math.round(KEY_EVERY * perSecond)) === 0 })
      frame.close()
      count += 1
    },
    async finish() {
      try {
        await encoder.flush()
      } catch (error) {
        throw new FilmFailed(fault ?? error)
      }
      encoder.close()
      return writeWebm({ codec: chosen.codec, width, height, frameDuration }, frames)
    },
    close() {
      if (encoder.state !== 'closed') encoder.close()
    },
  }
}

async function recordedFilm({ width, height, perSecond }: FilmShape): Promise<Film> {
  if (filmMaking() === undefined) throw new FilmFailed()
  const { canvas, draw } = screenOf({ width, height })
  const recorder = new MediaRecorder(canvas.captureStream(), {
    mimeType: 'video/webm',
    videoBitsPerSecond: 12e6,
  })
  const parts: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
  const stopped = new Promise<void>((resolve) =>
    recorder.addEventListener('stop', () => resolve(), { once: true }),
  )
  recorder.start()
  recorder.pause()
  return {
    async add(picture) {
      draw(picture)
      // Recorded as long as it is to be seen; while the next picture is being made, nothing is.
      recorder.resume()
      await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond))
      recorder.pause()
    },
    async finish() {
      recorder.stop()
      await stopped
      return new Blob(parts, { type: 'video/webm' })
    },
    close() {
      if (recorder.state !== 'inactive') recorder.stop()
    },
  }
}

function screenOf({ width, height }: Omit<FilmShape, 'perSecond'>): {
  readonly canvas: HTMLCanvasElement
  draw(picture: HTMLCanvasElement): void
} {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  return {
    canvas,
    draw(picture) {
      if (context === null) return
      context.fillStyle = '#000'
      context.fillRect(0, 0, width, height)
      // An odd side has become even by one row: that is no reason to blur the picture.
      const scale = Math.min(1, width / picture.width, height / picture.height)
      const [wide, high] = [picture.width * scale, picture.height * scale]
      context.drawImage(picture, Math.floor((width - wide) / 2), Math.floor((height - high) / 2), wide, high)
    },
  }
}
