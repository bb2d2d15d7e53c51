/** Numbers in [0, 1), the same for the same seed on every machine (mulberry32: integer arithmetic only). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Roughly normal numbers (mean 0, deviation 1): a sum of four uniform ones, cheap and without transcendental functions. */
export function seededNormal(seed: number): () => number {
  const next = seededRandom(seed)
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3)
}
