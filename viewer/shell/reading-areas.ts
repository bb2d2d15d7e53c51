import type { Area } from '../locales/text-key.ts'

/** Whose sentences the reading room says. */
export const READING_AREAS: readonly Area[] = [
  'reading',
  'objects',
  'mpr',
  'fusion',
  'hanging',
  'tags',
  'export',
  'quality',
  'segments',
  'measuring',
  'windows',
  'volume',
]
