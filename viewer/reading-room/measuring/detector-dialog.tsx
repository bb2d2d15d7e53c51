import { useState, type ReactNode } from 'react'
import { receivedImage } from '../../../core/measurements/reader-calibration.ts'
import type { CalibratingGeometry } from '../../../core/measurements/shapes.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { pixelSize } from '../trust.ts'
import styles from './detector-dialog.module.css'

type Reach = CalibratingGeometry['reach']

interface DetectorDialogProps {
  readonly image: StackImage
  /** The series has others that it could hold for. */
  readonly severalAlike: boolean
  readonly onAccept: (reach: Reach) => void
  readonly onClose: () => void
}

const REACHES: readonly Reach[] = ['image', 'series']

/** Says what millimetres at a detector are, before they are taken. */
export function DetectorDialog({ image, severalAlike, onAccept, onClose }: DetectorDialogProps): ReactNode {
  const { t } = useTexts()
  const [reach, setReach] = useState<Reach>('image')
  const { calibration } = receivedImage(image.metadata, image.frameNumber)
  const spacing = 'spacing' in calibration ? pixelSize(calibration.spacing) : ''
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('measuring.detector-title')}
      description={t('measuring.detector-text', { spacing })}
    >
      {severalAlike && (
        <fieldset className={styles.reach}>
          <legend>{t('measuring.reach')}</legend>
          {REACHES.map((each) => (
            <label key={each}>
              <input type="radio" name="reach" checked={reach === each} onChange={() => setReach(each)} />
              {t(`measuring.reach-${each}`)}
            </label>
          ))}
        </fieldset>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('shell.cancel')}</Button>
        <Button kind="primary" onClick={() => onAccept(reach)}>
          {t('measuring.detector-accept')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
