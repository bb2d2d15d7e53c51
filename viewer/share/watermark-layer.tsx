import { useEffect, useState, type ReactNode } from 'react'
import { watermarkOf } from '../../core/contract/watermark.ts'
import styles from './share.module.css'

const MINUTE = 60_000

/** Who looks, and when, all over the page: under no control, over every image, on every photograph of the screen. */
export function WatermarkLayer({ name }: { readonly name: string }): ReactNode {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE)
    return () => clearInterval(timer)
  }, [])
  return (
    <div
      aria-hidden="true"
      data-watermark
      className={styles.watermark}
      style={{ backgroundImage: `url("${tileOf(watermarkOf(name, now))}")` }}
    />
  )
}

/** One tile of words as a picture of the page's own making. */
function tileOf(words: string): string {
  const text = words.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="200"><text x="210" y="110" text-anchor="middle"
    transform="rotate(-24 210 100)" font-family="sans-serif" font-size="14" fill="#fff" fill-opacity=".3" stroke="#000"
    stroke-opacity=".25" stroke-width=".6" paint-order="stroke">${text}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
