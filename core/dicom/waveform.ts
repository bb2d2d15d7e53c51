import { firstNumber, firstString, items, numbers, type DicomJson } from './dicom-json.ts'
import { Tag } from './tag.ts'

/** One lead, or one signal. */
export interface WaveformChannel {
  /** As the file calls it: Lead I, V1, …; empty where it does not. */
  readonly label: string
  /** UCUM: uV, mV, mmHg, …; empty: the samples have no unit. */
  readonly unit: string
  /** In that unit; NaN where there is no sample. */
  readonly values: Float32Array
  /** Hertz; undefined where the file does not say. */
  readonly lowFrequency: number | undefined
  readonly highFrequency: number | undefined
  readonly notchFrequency: number | undefined
}

/** Channels that were recorded together (PS3.3 C.10.9.1, a multiplex group). */
export interface WaveformGroup {
  readonly label: string
  /** Samples a second. */
  readonly frequency: number
  readonly samples: number
  readonly channels: readonly WaveformChannel[]
  /** Why its samples cannot be read; undefined: they can. */
  readonly fault: 'no-samples' | 'interpretation' | undefined
}

export interface WaveformAnnotation {
  readonly text: string
  /** Index from 0 of the group it is of; undefined: of all. */
  readonly group: number | undefined
}

export interface Waveform {
  readonly groups: readonly WaveformGroup[]
  readonly annotations: readonly WaveformAnnotation[]
}

/** Bytes a sample, by Waveform Sample Interpretation (PS3.3 C.10.9.1.5). */
const BYTES: Readonly<Record<string, 1 | 2 | 4>> = { SB: 1, UB: 1, MB: 1, AB: 1, SS: 2, US: 2, SL: 4, UL: 4 }
/** No recording of sense has more. */
const MOST_SAMPLES = 50_000_000

/**
 * The signals of a waveform object (PS3.3 C.10.9): samples × Channel Sensitivity × Correction Factor + Baseline, in the
 * unit of the sensitivity. A group that cannot be read says why, and the others are read.
 *
 * @param bytes Waveform Data of each group, little endian, in the order of the sequence
 */
export function readWaveform(instance: DicomJson, bytes: readonly (Uint8Array | undefined)[]): Waveform {
  return {
    groups: items(instance, Tag.WaveformSequence).map((group, index) => groupOf(group, bytes[index])),
    annotations: items(instance, Tag.WaveformAnnotationSequence).flatMap(annotationOf),
  }
}

function groupOf(group: DicomJson, bytes: Uint8Array | undefined): WaveformGroup {
  const definitions = items(group, Tag.ChannelDefinitionSequence)
  const interpretation = firstString(group, Tag.WaveformSampleInterpretation) ?? ''
  const size = BYTES[interpretation]
  const count = Math.min(
    firstNumber(group, Tag.NumberOfWaveformChannels) ?? definitions.length,
    // Of what is there, and not only said.
    Math.max(definitions.length, 1),
  )
  const said = Math.floor(firstNumber(group, Tag.NumberOfWaveformSamples) ?? 0)
  const there = bytes === undefined || size === undefined ? 0 : Math.floor(bytes.length / size / count)
  const samples = Math.max(0, Math.min(said, there, Math.floor(MOST_SAMPLES / count)))
  const frequency = firstNumber(group, Tag.SamplingFrequency) ?? 0
  const padding = paddingOf(group, size)
  const isReadable = bytes !== undefined && size !== undefined && samples > 0 && frequency > 0
  return {
    label: firstString(group, Tag.MultiplexGroupLabel) ?? '',
    frequency,
    samples: isReadable ? samples : 0,
    fault: isReadable ? undefined : size === undefined ? 'interpretation' : 'no-samples',
    channels: Array.from({ length: count }, (_, index) => {
      const definition = definitions[index] ?? {}
      const { unit, toUnit } = scaleOf(definition)
      return {
        label: labelOf(definition),
        unit,
        values: isReadable
          ? valuesOf(bytes, { interpretation, size, count, index, samples, padding }, toUnit)
          : new Float32Array(),
        lowFrequency: firstNumber(definition, Tag.FilterLowFrequency),
        highFrequency: firstNumber(definition, Tag.FilterHighFrequency),
        notchFrequency: firstNumber(definition, Tag.NotchFilterFrequency),
      }
    }),
  }
}

interface Layout {
  readonly interpretation: string
  readonly size: 1 | 2 | 4
  readonly count: number
  readonly index: number
  readonly samples: number
  readonly padding: number | undefined
}

/** Samples of all channels follow each other, instant by instant. */
function valuesOf(bytes: Uint8Array, layout: Layout, toUnit: (sample: number) => number): Float32Array {
  const { interpretation, size, count, index, samples, padding } = layout
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sampleAt = (at: number): number => {
    switch (interpretation) {
      case 'SB':
        return view.getInt8(at)
      case 'SS':
        return view.getInt16(at, true)
      case 'US':
        return view.getUint16(at, true)
      case 'SL':
        return view.getInt32(at, true)
      case 'UL':
        return view.getUint32(at, true)
      case 'MB':
        return muLaw(view.getUint8(at))
      case 'AB':
        return aLaw(view.getUint8(at))
      default:
        return view.getUint8(at)
    }
  }
  const values = new Float32Array(samples)
  for (let sample = 0; sample < samples; sample++) {
    const stored = sampleAt((sample * count + index) * size)
    values[sample] = stored === padding ? NaN : toUnit(stored)
  }
  return values
}

function scaleOf(definition: DicomJson): { unit: string; toUnit: (sample: number) => number } {
  const sensitivity = firstNumber(definition, Tag.ChannelSensitivity)
  const [units] = items(definition, Tag.ChannelSensitivityUnitsSequence)
  const factor = firstNumber(definition, Tag.ChannelSensitivityCorrectionFactor) ?? 1
  const baseline = firstNumber(definition, Tag.ChannelBaseline) ?? 0
  if (sensitivity === undefined) return { unit: '', toUnit: (sample) => sample }
  return {
    unit: (units && (firstString(units, Tag.CodeValue) ?? firstString(units, Tag.CodeMeaning))) ?? '',
    toUnit: (sample) => sample * sensitivity * factor + baseline,
  }
}

/** "Lead V1" is V1 on paper. */
function labelOf(definition: DicomJson): string {
  const [source] = items(definition, Tag.ChannelSourceSequence)
  const named =
    firstString(definition, Tag.ChannelLabel) ?? (source && firstString(source, Tag.CodeMeaning)) ?? ''
  return named
    .replace(/^lead\s+/i, '')
    .replace(/\s*\(.*\)$/, '')
    .trim()
}

/** Waveform Padding Value is binary, of the size of a sample. */
function paddingOf(group: DicomJson, size: number | undefined): number | undefined {
  const inline = group[Tag.WaveformPaddingValue]
  const number = firstNumber(group, Tag.WaveformPaddingValue)
  if (number !== undefined || size !== 2 || inline?.InlineBinary === undefined) return number
  const [low = '', high = ''] = atob(inline.InlineBinary)
  const unsigned = low.charCodeAt(0) + 256 * high.charCodeAt(0)
  if (!Number.isFinite(unsigned)) return undefined
  return firstString(group, Tag.WaveformSampleInterpretation) === 'SS' && unsigned > 32767
    ? unsigned - 65536
    : unsigned
}

/** ITU-T G.711. */
function muLaw(byte: number): number {
  const inverted = ~byte & 0xff
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4)
  return (inverted & 0x80) !== 0 ? 0x84 - magnitude : magnitude - 0x84
}

/** ITU-T G.711. */
function aLaw(byte: number): number {
  const toggled = byte ^ 0x55
  const segment = (toggled & 0x70) >> 4
  const step = (toggled & 0x0f) << 4
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1)
  return (toggled & 0x80) !== 0 ? magnitude : -magnitude
}

function annotationOf(annotation: DicomJson): WaveformAnnotation[] {
  const [name] = items(annotation, Tag.ConceptNameCodeSequence)
  const [code] = items(annotation, Tag.ConceptCodeSequence)
  const [unit] = items(annotation, Tag.MeasurementUnitsCodeSequence)
  const number = firstString(annotation, Tag.NumericValue)
  const said =
    firstString(annotation, Tag.UnformattedTextValue) ??
    (code && firstString(code, Tag.CodeMeaning)) ??
    (number === undefined
      ? undefined
      : `${number} ${(unit && firstString(unit, Tag.CodeValue)) ?? ''}`.trim())
  const meaning = name && firstString(name, Tag.CodeMeaning)
  const text = [meaning, said].filter((part) => part !== undefined && part !== '').join(': ')
  const [group] = numbers(annotation, Tag.ReferencedWaveformChannels)
  return text === '' ? [] : [{ text, group: group === undefined || group < 1 ? undefined : group - 1 }]
}
