import { z } from 'zod'
import { askScreens, freeScreen, mayAskScreens, type WindowPlace } from './screens.ts'

const NUMBER = 'yunying.window'
const PLACE = 'yunying.window-place.'
/** Of this one's size: a window whose place nobody knows yet. */
const SHARE = 0.9

const Place = z.object({
  left: z.number().int().min(-100_000).max(100_000),
  top: z.number().int().min(-100_000).max(100_000),
  width: z.number().int().min(200).max(100_000),
  height: z.number().int().min(200).max(100_000),
})

/**
 * Opens a page of the application in a window of its own: where the reader had one the last time, else on a screen that is
 * free, as far as the browser tells of screens. Answers false where the browser does not let it.
 *
 * @param others windows that are open beside this one
 */
export function openWindow(path: string, others: number): boolean {
  const number = others + 1
  const known = storedPlace(number)
  const place = known ?? {
    left: Math.round(window.screenX + 40),
    top: Math.round(window.screenY + 40),
    width: Math.round(window.outerWidth * SHARE),
    height: Math.round(window.outerHeight * SHARE),
  }
  // At once: a browser opens windows only while it knows of a hand.
  const opened = window.open(path, '_blank', features(place))
  if (opened === null) return false
  try {
    opened.sessionStorage.setItem(NUMBER, String(number))
  } catch {
    // It opens where it opens, and is not remembered.
  }
  if (known === undefined && mayAskScreens()) void moveToFree(opened, others)
  return true
}

async function moveToFree(opened: Window, taken: number): Promise<void> {
  const details = await askScreens()
  const free = details && freeScreen(details.screens, details.currentScreen, taken)
  if (free === undefined || opened.closed) return
  opened.moveTo(free.left, free.top)
  opened.resizeTo(free.width, free.height)
}

/** Called when a window is left: where it stood is where it opens the next time. */
export function rememberPlace(): void {
  const number = sessionStorage.getItem(NUMBER)
  if (number === null || window.opener === null) return
  const place: WindowPlace = {
    left: window.screenX,
    top: window.screenY,
    width: window.outerWidth,
    height: window.outerHeight,
  }
  localStorage.setItem(PLACE + number, JSON.stringify(place))
}

function storedPlace(number: number): WindowPlace | undefined {
  const text = localStorage.getItem(PLACE + String(number))
  if (text === null) return undefined
  try {
    const read = Place.safeParse(JSON.parse(text))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}

const features = ({ left, top, width, height }: WindowPlace): string =>
  `popup=yes,left=${left},top=${top},width=${width},height=${height}`
