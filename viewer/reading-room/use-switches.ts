import { useEffect, useState } from 'react'
import { useReadingSettings } from '../settings/settings-context.tsx'
import { isSmallScreen } from './small-screen.ts'

/** What of the room and over its images is shown, each by a key of its own. */
export interface Switches {
  /** Series and priors beside the panes. */
  readonly rail: boolean
  readonly marks: boolean
  /** What is outlined by hand; in the place of marks. */
  readonly segments: boolean
  /** Words in the corners. */
  readonly texts: boolean
  /** Overlay planes of the files. */
  readonly overlays: boolean
  /** Segmentations, contours, presentation states. */
  readonly drawn: boolean
  /** What a shutter covers. */
  readonly shuttered: boolean
  /** Where other panes' images cut through. */
  readonly lines: boolean
}

export interface SwitchBoard {
  readonly on: Switches
  toggle(name: keyof Switches): void
  set(name: keyof Switches, isOn: boolean): void
}

export function useSwitches(): SwitchBoard {
  const [on, setOn] = useState<Switches>(() => ({
    rail: !isSmallScreen(),
    marks: false,
    segments: false,
    texts: true,
    overlays: true,
    drawn: true,
    shuttered: false,
    lines: true,
  }))
  const { texts } = useReadingSettings()
  useEffect(() => setOn((before) => ({ ...before, texts: texts !== 'off' })), [texts])
  return {
    on,
    toggle: (name) => setOn((before) => changed(before, name, !before[name])),
    set: (name, isOn) => setOn((before) => changed(before, name, isOn)),
  }
}

function changed(before: Switches, name: keyof Switches, isOn: boolean): Switches {
  const next = { ...before, [name]: isOn }
  if (!isOn || (name !== 'marks' && name !== 'segments')) return next
  return { ...next, [name === 'marks' ? 'segments' : 'marks']: false }
}
