import { displayValue } from '../marks/mark-lines.ts'

const NAMES: Readonly<Record<string, string>> = { 'g/ml{SUVbw}': 'SUV', "[hnsf'U]": 'HU', '1': '' }

/** A unit as it is read; empty where there is none. */
export const displayUnit = (unit: string): string => NAMES[unit] ?? unit

/** A figure of a legend: as many digits as tell one from the next. */
export function displayEnd(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace(/^-/, '−')
}

/** A figure with its unit, at a pixel. */
export const displayAmount = (value: number, unit: string): string =>
  unit === 'Gy'
    ? `${value.toFixed(2)} Gy`
    : displayValue({ quantity: 'value', value, unit, intensity: 'other' })
