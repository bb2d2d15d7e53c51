import { expect, it } from 'vitest'
import { intensityOf } from '../../../core/measurements/intensity-of.ts'

const cs = (value: string) => ({ vr: 'CS', Value: [value] })

it.each([
  [{ '00080060': cs('CT') }, 'attenuation', "[hnsf'U]"],
  [{ '00080060': cs('CT'), '00281054': cs('HU') }, 'attenuation', "[hnsf'U]"],
  [{ '00080060': cs('CT'), '00281054': cs('US') }, 'other', '1'],
  [{ '00080060': cs('MR') }, 'mr-signal', '1'],
  [{ '00080060': cs('PT'), '00541001': cs('BQML') }, 'activity', 'Bq/ml'],
  [{ '00080060': cs('PT'), '00541001': cs('CNTS') }, 'other', '1'],
  [{}, 'other', '1'],
] as const)('%o is %s in %s', (instance, intensity, unit) => {
  expect(intensityOf(instance)).toEqual({ intensity, unit, scale: 1 })
})
