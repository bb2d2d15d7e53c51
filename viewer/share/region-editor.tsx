import { ChevronLeft, ChevronRight, SquarePlus, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Blackout, PixelRisks } from '../../core/contract/sharing.ts'
import { Tick } from '../export/choices.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { RegionCanvas } from './region-canvas.tsx'
import styles from './regions.module.css'
import {
  changedRegion,
  imagesWithRegions,
  MOST_REGIONS,
  regionsOn,
  withRegion,
  type DrawnImage,
} from './regions.ts'

export type SeriesAtRisk = PixelRisks['series'][number]

interface RegionEditorProps {
  readonly studyInstanceUid: string
  readonly series: SeriesAtRisk
  readonly blackout: readonly Blackout[]
  readonly onDone: (blackout: Blackout[]) => void
  readonly onClose: () => void
}

/** Blacks out what names somebody in the images of a series: drawn on one of them, for it alone or for all of its size. */
export function RegionEditor({
  studyInstanceUid,
  series,
  blackout: before,
  onDone,
  onClose,
}: RegionEditorProps): ReactNode {
  const { t } = useTexts()
  const [blackout, setBlackout] = useState<readonly Blackout[]>(before)
  const [index, setIndex] = useState(0)
  const [frame, setFrame] = useState(1)
  const [forAll, setForAll] = useState(true)
  const [asResult, setAsResult] = useState(false)
  const [added, setAdded] = useState(0)
  const images: readonly (DrawnImage & { readonly frames: number })[] = series.images.map((image) => ({
    ...image,
    seriesInstanceUid: series.seriesInstanceUid,
  }))
  const image = images[index]
  if (image === undefined) return null
  const regions = regionsOn(blackout, image)
  const sameSize = images.filter(({ rows, columns }) => rows === image.rows && columns === image.columns)
  const add = (rectangle: Blackout['rectangles'][number]): void =>
    setBlackout(withRegion(blackout, image, forAll ? 'size' : 'image', rectangle))
  const show = (next: number): void => {
    setIndex(Math.min(images.length - 1, Math.max(0, next)))
    setFrame(1)
  }
  const picture = `/dicom-web/studies/${studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${image.sopInstanceUid}/frames/${frame}/rendered?accept=image/png`
  return (
    <Dialog
      open
      full
      onOpenChange={onClose}
      title={t('deidentify.regions')}
      description={[series.modality, series.description].filter((part) => part !== '').join(' · ')}
    >
      <div
        className={styles.editor}
        onKeyDown={(event) => {
          if (event.key === 'PageUp') show(index - 1)
          else if (event.key === 'PageDown') show(index + 1)
          else return
          event.preventDefault()
        }}
      >
        <RegionCanvas
          image={image}
          picture={picture}
          regions={regions}
          asResult={asResult}
          added={added}
          onDraw={add}
          onChange={(region, rectangle) => setBlackout(changedRegion(blackout, region, rectangle))}
        />
        <div className={styles.controls}>
          <p id="region-keys" className={styles.hint}>
            {t('deidentify.regions-hint')}
          </p>
          <div className={styles.pager}>
            <IconButton
              label={t('deidentify.previous')}
              disabled={index === 0}
              onClick={() => show(index - 1)}
            >
              <ChevronLeft size={18} strokeWidth={1.75} />
            </IconButton>
            <span role="status">{t('deidentify.image-of', { number: index + 1, count: images.length })}</span>
            <IconButton
              label={t('deidentify.next')}
              disabled={index === images.length - 1}
              onClick={() => show(index + 1)}
            >
              <ChevronRight size={18} strokeWidth={1.75} />
            </IconButton>
          </div>
          {image.frames > 1 && (
            <label className={styles.frames}>
              <span>{t('deidentify.frame-of', { number: frame, count: image.frames })}</span>
              <input
                type="range"
                min={1}
                max={image.frames}
                value={frame}
                onChange={(event) => setFrame(event.target.valueAsNumber)}
              />
              <span className={styles.hint}>{t('deidentify.every-frame')}</span>
            </label>
          )}
          {images.length > 1 && (
            <Tick
              text={t('deidentify.same-size', { count: sameSize.length })}
              hint={t('deidentify.same-size-hint')}
              checked={forAll}
              onChange={setForAll}
            />
          )}
          <Tick text={t('deidentify.as-result')} checked={asResult} onChange={setAsResult} />
          <div className={styles.deeds}>
            <Button
              autoFocus
              disabled={regions.length >= MOST_REGIONS}
              onClick={() => {
                setAsResult(false)
                add(inTheMiddle(image))
                setAdded(added + 1)
              }}
            >
              <SquarePlus size={16} strokeWidth={1.75} aria-hidden="true" />
              {t('deidentify.add-region')}
            </Button>
            <Button
              disabled={regions.length === 0}
              onClick={() => {
                const last = regions.at(-1)
                if (last !== undefined) setBlackout(changedRegion(blackout, last, undefined))
              }}
            >
              <Trash2 size={16} strokeWidth={1.75} aria-hidden="true" />
              {t('deidentify.remove-region')}
            </Button>
          </div>
          <p className={styles.hint} role="status">
            {t('deidentify.covered', { count: imagesWithRegions(blackout, images), total: images.length })}
          </p>
        </div>
      </div>
      <DialogActions>
        <Button onClick={onClose}>{t('deidentify.cancel')}</Button>
        <Button kind="primary" onClick={() => onDone([...blackout])}>
          {t('deidentify.regions-done')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** A new region without a pointer: in the middle, to be moved and resized. */
function inTheMiddle({ rows, columns }: DrawnImage): Blackout['rectangles'][number] {
  const [width, height] = [Math.max(1, Math.round(columns / 4)), Math.max(1, Math.round(rows / 10))]
  return { x: Math.floor((columns - width) / 2), y: Math.floor((rows - height) / 2), width, height }
}
