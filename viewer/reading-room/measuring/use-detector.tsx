import { lazy, Suspense, useState, type ReactNode } from 'react'
import { newUid } from '../../../core/dicom/uid.ts'
import { calibrationRefusal, receivedImage } from '../../../core/measurements/reader-calibration.ts'
import type { CalibratingGeometry } from '../../../core/measurements/shapes.ts'
import type { StackImage } from '../../imaging/stack-image.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import type { MarkStore } from '../../marks/mark-store.ts'
import { useToast } from '../../ui/toast.tsx'
import { frameOf } from '../frame-of.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { alikeIn, hasAlike } from './alike.ts'

const DetectorDialog = lazy(() =>
  import('./detector-dialog.tsx').then((file) => ({ default: file.DetectorDialog })),
)

interface Asked {
  readonly image: StackImage
  readonly images: readonly StackImage[]
}

const KIND = 'detector-millimetres'

/** A reader who knows what it means takes the millimetres of the detector, where an image has no others; or does no more. */
export function useDetector(
  marks: MarkStore,
  handle: () => PaneHandle,
): { ask(): void; readonly dialog: ReactNode } {
  const { t } = useTexts()
  const toast = useToast()
  const [asked, setAsked] = useState<Asked>()

  function ask(): void {
    const { state, images } = handle()
    const image = state.current?.image
    if (image === undefined) return
    if (image.computed !== undefined) return toast({ text: t('measuring.refused-calibration-computed') })
    const received = receivedImage(image.metadata, image.frameNumber)
    const refusal = calibrationRefusal(KIND, received.calibration)
    if (refusal !== undefined) return toast({ text: t(`measuring.refused-calibration-${refusal}`) })
    const accepted = marks
      .list()
      .find(
        ({ geometry, ...mark }) =>
          geometry.kind === KIND &&
          (mark.sopInstanceUid === received.sopInstanceUid ||
            (geometry.reach === 'series' && mark.seriesInstanceUid === received.seriesInstanceUid)),
      )
    if (accepted === undefined) return setAsked({ image, images: images.current })
    marks.remove(accepted.trackingUid)
    toast({
      text: t('measuring.detector-off'),
      action: { label: t('reading.undo'), run: () => marks.undo() },
    })
  }

  function accept({ image, images }: Asked, reach: CalibratingGeometry['reach']): void {
    const { calibration, matrix } = receivedImage(image.metadata, image.frameNumber)
    const geometry = { kind: KIND, reach, matrix: [matrix[0], matrix[1]] } satisfies CalibratingGeometry
    const mark = {
      ...frameOf(image),
      trackingUid: newUid(),
      label: '',
      geometry,
      calibration,
      values: [],
      hidden: false,
    }
    marks.put(mark, alikeIn(images, geometry))
    setAsked(undefined)
  }

  return {
    ask,
    dialog: asked !== undefined && (
      <Suspense>
        <DetectorDialog
          image={asked.image}
          severalAlike={hasAlike(asked.images, asked.image)}
          onAccept={(reach) => accept(asked, reach)}
          onClose={() => setAsked(undefined)}
        />
      </Suspense>
    ),
  }
}
