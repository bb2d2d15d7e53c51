/** Where a window stands. CSS pixels, of all screens together. */
export interface WindowPlace {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** What the Window Management API says of a screen; not in every browser. */
export interface ScreenPlace {
  readonly availLeft: number
  readonly availTop: number
  readonly availWidth: number
  readonly availHeight: number
}

interface ScreenDetails {
  readonly screens: readonly ScreenPlace[]
  readonly currentScreen: ScreenPlace
}

type ManagingWindow = Window & { getScreenDetails?: () => Promise<ScreenDetails> }

/** What is asked for once is known for as long as the page is open. */
let details: ScreenDetails | undefined

/** Screens of this desk: as many as are known, two where the browser says no more than that there are several. */
export function screenCount(): number {
  if (details !== undefined) return details.screens.length
  return 'isExtended' in window.screen && window.screen.isExtended === true ? 2 : 1
}

/** Whether asking would tell more. */
export const mayAskScreens = (): boolean =>
  details === undefined && 'getScreenDetails' in window && screenCount() > 1

/** Asks for all screens; the browser asks the reader. Undefined where it has none to tell of, or the reader says no. */
export async function askScreens(): Promise<ScreenDetails | undefined> {
  const ask = (window as ManagingWindow).getScreenDetails
  if (ask === undefined) return undefined
  details ??= await ask.call(window).catch(() => undefined)
  return details
}

/** The first screen that no window of the desk is on; undefined: there is none. */
export function freeScreen(
  screens: readonly ScreenPlace[],
  current: ScreenPlace,
  taken: number,
): WindowPlace | undefined {
  const isCurrent = ({ availLeft, availTop }: ScreenPlace): boolean =>
    availLeft === current.availLeft && availTop === current.availTop
  const others = screens.filter((screen) => !isCurrent(screen))
  const screen = others[taken % Math.max(1, others.length)]
  return (
    screen && {
      left: screen.availLeft,
      top: screen.availTop,
      width: screen.availWidth,
      height: screen.availHeight,
    }
  )
}
