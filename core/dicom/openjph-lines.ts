/** An image whose samples of a pixel lie together. */
export interface Interleaved {
  readonly rows: number
  readonly columns: number
  readonly components: number
  readonly bytesPerSample: 1 | 2
}

/*
 * Without a colour transform OpenJPH takes and gives the lines of one component after another; the bindings that we have
 * of it, of Cornerstone and of dcmjs, hand it the lines of one row after another all the same. What one of them writes, it
 * reads again; for everybody else rows and components are mixed up.
 */

/** The samples that the bindings must be given, so that the codestream has these. */
export const linesForOpenJph = (samples: Uint8Array, image: Interleaved): Uint8Array =>
  moved(samples, image, (from, to) => [to, from])

/** The samples of the codestream, from what the bindings gave. */
export const linesFromOpenJph = (samples: Uint8Array, image: Interleaved): Uint8Array =>
  moved(samples, image, (from, to) => [from, to])

interface Line {
  readonly row: number
  readonly component: number
}

/** Moves each line between the place where the bindings have it and that where it belongs. */
function moved(
  samples: Uint8Array,
  { rows, columns, components, bytesPerSample }: Interleaved,
  direction: (bound: Line, right: Line) => [from: Line, to: Line],
): Uint8Array {
  const out = new Uint8Array(samples.length)
  const step = components * bytesPerSample
  const startOf = ({ row, component }: Line): number => row * columns * step + component * bytesPerSample
  for (let line = 0; line < rows * components; line++) {
    const [from, to] = direction(
      { row: Math.floor(line / components), component: line % components },
      { row: line % rows, component: Math.floor(line / rows) },
    )
    let [read, write] = [startOf(from), startOf(to)]
    for (let column = 0; column < columns; column++, read += step, write += step) {
      out[write] = samples[read] ?? 0
      if (bytesPerSample === 2) out[write + 1] = samples[read + 1] ?? 0
    }
  }
  return out
}
