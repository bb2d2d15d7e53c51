import qrcode from 'qrcode-generator'
import { useMemo, type ReactNode } from 'react'
import styles from './qr-code.module.css'

/** Modules of white around, as ISO/IEC 18004 asks. */
const QUIET = 4

/** Text as a QR code, level M, dark on white whatever the page's colours are: cameras want it so. */
export function QrCode({ text, label }: { text: string; label: string }): ReactNode {
  const { path, size } = useMemo(() => modulesOf(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

/** The dark modules as one path, in units of a module. */
function modulesOf(text: string): { path: string; size: number } {
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const count = code.getModuleCount()
  let path = ''
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      if (code.isDark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`
  return { path, size: count + 2 * QUIET }
}
