/** A frame as the encoder gives it. */
export interface FilmFrame {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** From the beginning, ms. */
  readonly at: number
  readonly isKey: boolean
}

export interface FilmTrack {
  readonly codec: 'V_VP8' | 'V_VP9'
  readonly width: number
  readonly height: number
  /** Of a frame, ms. */
  readonly frameDuration: number
}

type Part = Uint8Array<ArrayBuffer>

/** Elements of Matroska (RFC 9559, 5.1) as far as a film without sound has them; WebM is Matroska with these codecs. */
const Id = {
  EBML: [0x1a, 0x45, 0xdf, 0xa3],
  EBMLVersion: [0x42, 0x86],
  EBMLReadVersion: [0x42, 0xf7],
  EBMLMaxIDLength: [0x42, 0xf2],
  EBMLMaxSizeLength: [0x42, 0xf3],
  DocType: [0x42, 0x82],
  DocTypeVersion: [0x42, 0x87],
  DocTypeReadVersion: [0x42, 0x85],
  Segment: [0x18, 0x53, 0x80, 0x67],
  Info: [0x15, 0x49, 0xa9, 0x66],
  TimestampScale: [0x2a, 0xd7, 0xb1],
  Duration: [0x44, 0x89],
  MuxingApp: [0x4d, 0x80],
  WritingApp: [0x57, 0x41],
  Tracks: [0x16, 0x54, 0xae, 0x6b],
  TrackEntry: [0xae],
  TrackNumber: [0xd7],
  TrackUID: [0x73, 0xc5],
  TrackType: [0x83],
  FlagLacing: [0x9c],
  CodecID: [0x86],
  DefaultDuration: [0x23, 0xe3, 0x83],
  Video: [0xe0],
  PixelWidth: [0xb0],
  PixelHeight: [0xba],
  Cues: [0x1c, 0x53, 0xbb, 0x6b],
  CuePoint: [0xbb],
  CueTime: [0xb3],
  CueTrackPositions: [0xb7],
  CueTrack: [0xf7],
  CueClusterPosition: [0xf1],
  Cluster: [0x1f, 0x43, 0xb6, 0x75],
  Timestamp: [0xe7],
  SimpleBlock: [0xa3],
} as const

const VIDEO = 1
const NANOSECONDS = 1_000_000

/** A film of the frames, which begin with a key frame and come in their order; a player can go to each key frame. */
export function writeWebm(track: FilmTrack, frames: readonly FilmFrame[]): Blob {
  const duration = (frames.at(-1)?.at ?? 0) + track.frameDuration
  const head = element(Id.EBML, [
    uint(Id.EBMLVersion, 1),
    uint(Id.EBMLReadVersion, 1),
    uint(Id.EBMLMaxIDLength, 4),
    uint(Id.EBMLMaxSizeLength, 8),
    text(Id.DocType, 'webm'),
    uint(Id.DocTypeVersion, 2),
    uint(Id.DocTypeReadVersion, 2),
  ])
  const info = element(Id.Info, [
    uint(Id.TimestampScale, NANOSECONDS),
    float(Id.Duration, duration),
    text(Id.MuxingApp, 'Yunying'),
    text(Id.WritingApp, 'Yunying'),
  ])
  const tracks = element(Id.Tracks, [
    ...element(Id.TrackEntry, [
      uint(Id.TrackNumber, 1),
      uint(Id.TrackUID, 1),
      uint(Id.TrackType, VIDEO),
      uint(Id.FlagLacing, 0),
      text(Id.CodecID, track.codec),
      uint(Id.DefaultDuration, Math.round(track.frameDuration * NANOSECONDS)),
      ...element(Id.Video, [uint(Id.PixelWidth, track.width), uint(Id.PixelHeight, track.height)]),
    ]),
  ])
  const clusters = clustersOf(frames)
  const before = sizeOf(info) + sizeOf(tracks)
  // Numbers of one length: how long the cues are does not depend on what they say.
  const cues = (positions: readonly number[]): Part[] =>
    element(
      Id.Cues,
      clusters.flatMap(({ at }, index) =>
        element(Id.CuePoint, [
          uint(Id.CueTime, at),
          ...element(Id.CueTrackPositions, [
            uint(Id.CueTrack, 1),
            uint(Id.CueClusterPosition, positions[index] ?? 0),
          ]),
        ]),
      ),
    )
  const begin = before + sizeOf(cues([]))
  const positions = clusters.map((_, index) =>
    clusters.slice(0, index).reduce((sum, { parts }) => sum + sizeOf(parts), begin),
  )
  const body = [...info, ...tracks, ...cues(positions), ...clusters.flatMap(({ parts }) => parts)]
  return new Blob([...head, ...element(Id.Segment, body)], { type: 'video/webm' })
}

/** A cluster begins with each key frame. */
function clustersOf(frames: readonly FilmFrame[]): { readonly at: number; readonly parts: Part[] }[] {
  const groups: FilmFrame[][] = []
  for (const frame of frames) {
    if (frame.isKey || groups.length === 0) groups.push([])
    groups.at(-1)?.push(frame)
  }
  return groups.map((group) => {
    const at = Math.round(group[0]?.at ?? 0)
    const blocks = group.flatMap((frame) => {
      const since = Math.round(frame.at) - at
      const header = [0x81, (since >> 8) & 0xff, since & 0xff, frame.isKey ? 0x80 : 0]
      return element(Id.SimpleBlock, [Uint8Array.from(header), frame.bytes])
    })
    return { at, parts: element(Id.Cluster, [uint(Id.Timestamp, at), ...blocks]) }
  })
}

const sizeOf = (parts: readonly Part[]): number => parts.reduce((sum, { length }) => sum + length, 0)

/** Its id, its length in eight bytes, what is in it. */
function element(id: readonly number[], content: readonly Part[]): Part[] {
  const head = new Uint8Array(id.length + 8)
  head.set(id)
  new DataView(head.buffer).setBigUint64(id.length, BigInt(sizeOf(content)) | (1n << 56n))
  return [head, ...content]
}

const joined = (parts: readonly Part[]): Part => {
  const whole = new Uint8Array(sizeOf(parts))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function uint(id: readonly number[], value: number): Part {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return joined(element(id, [bytes]))
}

function float(id: readonly number[], value: number): Part {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  return joined(element(id, [bytes]))
}

const text = (id: readonly number[], value: string): Part =>
  joined(element(id, [new TextEncoder().encode(value)]))
