import type { WaveformChannel, WaveformGroup } from '../../../core/dicom/waveform.ts'

export type WaveformLayout = 'rhythm' | 'rows'

/** A part of a channel, somewhere on the paper. */
export interface Strip {
  readonly channel: WaveformChannel
  /** Of the group's samples: from, and up to. */
  readonly from: number
  readonly to: number
  /** Millimetres from the paper's left and top; the line of zero. */
  readonly left: number
  readonly zero: number
  /** Millimetres a unit of the channel's values. */
  readonly scale: number
}

export interface Paper {
  readonly strips: readonly Strip[]
  /** Millimetres. */
  readonly width: number
  readonly height: number
}

export interface PaperChoice {
  readonly layout: WaveformLayout
  /** Millimetres a second. */
  readonly speed: number
  /** Millimetres a millivolt. */
  readonly gain: number
}

const COLUMNS: readonly (readonly string[])[] = [
  ['I', 'II', 'III'],
  ['aVR', 'aVL', 'aVF'],
  ['V1', 'V2', 'V3'],
  ['V4', 'V5', 'V6'],
]
const RHYTHM = 'II'
/** Between two lines, and beside the paper's edges. Millimetres. */
const ROW = 25
const MARGIN = 5
/** What a signal that is no voltage fills of its row. Millimetres. */
const FILLED = 18

const MILLIVOLTS: Readonly<Record<string, number>> = { uV: 1e-3, mV: 1, V: 1e3, nV: 1e-6, µV: 1e-3 }

/** Values of the channel, in millivolts; undefined: they are no voltage. */
export const millivoltsOf = ({ unit }: Pick<WaveformChannel, 'unit'>): number | undefined => MILLIVOLTS[unit]

/** Whether there are the twelve leads that the common sheet has. */
export const hasTwelveLeads = (group: WaveformGroup): boolean =>
  COLUMNS.flat().every((lead) => channelOf(group, lead) !== undefined)

const channelOf = ({ channels }: WaveformGroup, lead: string): WaveformChannel | undefined =>
  channels.find(({ label }) => label.toLowerCase() === lead.toLowerCase())

/** Where everything stands on the paper. */
export function layPaper(group: WaveformGroup, { layout, speed, gain }: PaperChoice): Paper {
  const { samples, frequency } = group
  const width = (samples / frequency) * speed
  const strip = (channel: WaveformChannel, from: number, to: number, row: number): Strip => {
    const millivolts = millivoltsOf(channel)
    const [least, most] = rangeOf(channel)
    const zero = MARGIN + (row + 0.5) * ROW
    return {
      channel,
      from,
      to,
      left: MARGIN + (from / frequency) * speed,
      // What is no voltage, as a pressure, is drawn about its middle.
      zero:
        millivolts === undefined
          ? zero + ((least + most) / 2) * (FILLED / Math.max(most - least, 1e-9))
          : zero,
      scale: millivolts === undefined ? FILLED / Math.max(most - least, 1e-9) : millivolts * gain,
    }
  }
  const strips =
    layout === 'rhythm' && hasTwelveLeads(group)
      ? [
          ...COLUMNS.flatMap((leads, column) =>
            leads.flatMap((lead, row) => {
              const channel = channelOf(group, lead)
              const part = (index: number): number => Math.round((index * samples) / COLUMNS.length)
              return channel === undefined ? [] : [strip(channel, part(column), part(column + 1), row)]
            }),
          ),
          ...[channelOf(group, RHYTHM)].flatMap((channel) =>
            channel === undefined ? [] : [strip(channel, 0, samples, 3)],
          ),
        ]
      : group.channels.map((channel, row) => strip(channel, 0, samples, row))
  const rows = layout === 'rhythm' && hasTwelveLeads(group) ? 4 : group.channels.length
  return { strips, width: width + 2 * MARGIN, height: rows * ROW + 2 * MARGIN }
}

function rangeOf({ values }: WaveformChannel): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return most >= least ? [least, most] : [0, 1]
}
