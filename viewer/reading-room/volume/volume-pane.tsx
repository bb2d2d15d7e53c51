import {
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ComponentProps,
  type ReactNode,
} from 'react'
import type { StackImage } from '../../imaging/stack-image.ts'
import type { ImagingViewport, ViewportState } from '../../imaging/viewport.ts'
import { volumeImage } from '../../imaging/volume/volume-image.ts'
import { looksOf } from '../../imaging/volume/volume-look.ts'
import type { PictureAnswer } from '../../imaging/volume/volume-messages.ts'
import { openVolumeViewport } from '../../imaging/volume/volume-viewport.ts'
import { ImagePane } from '../image-pane.tsx'
import type { ReformatSession } from '../mpr/reformat-session.ts'
import type { PaneHandle } from '../pane-handle.ts'
import { CropHandles } from './crop-handles.tsx'
import { VolumeCaption } from './volume-caption.tsx'

interface VolumePaneProps extends Omit<
  ComponentProps<typeof ImagePane>,
  'images' | 'open' | 'caption' | 'start' | 'place' | 'viewport'
> {
  readonly session: ReformatSession
  /** An image of the series. */
  readonly original: StackImage
  readonly handle: PaneHandle
  /** The looks are there, for keys and menus. */
  readonly onOpen: () => void
}

/** A series in three dimensions, in one pane. */
export function VolumePane({ session, original, handle, onOpen, ...pane }: VolumePaneProps): ReactNode {
  const { volume } = session
  const looks = useMemo(() => looksOf(volume, original), [volume, original])
  const images = useMemo(() => [volumeImage(volume, original)], [volume, original])
  const [painted, setPainted] = useState<Pick<PictureAnswer, 'paintedBy' | 'shrink'>>()
  const isCropping = useSyncExternalStore(looks.subscribe, () => looks.now().isCropping)
  const open = (element: HTMLDivElement, onState: (state: ViewportState) => void): ImagingViewport =>
    openVolumeViewport(element, onState, looks, ({ paintedBy, shrink }) =>
      setPainted((before) =>
        before?.paintedBy === paintedBy && before.shrink === shrink ? before : { paintedBy, shrink },
      ),
    )

  useEffect(() => {
    handle.images.current = images
  }, [handle, images])
  useEffect(onOpen, [looks])
  useEffect(() => {
    let known = 0
    return session.subscribe(() => {
      const { arrived, failed } = volume.counts()
      if (arrived + failed === known) return
      known = arrived + failed
      // What arrives may widen the range of the values, and is counted.
      looks.change({})
    })
  }, [session, volume, looks])

  return (
    <>
      <ImagePane
        {...pane}
        images={images}
        open={open}
        caption={<VolumeCaption looks={looks} painted={painted} />}
        place={undefined}
        viewport={handle.viewport}
      />
      {isCropping && <CropHandles looks={looks} />}
    </>
  )
}
