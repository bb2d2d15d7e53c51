import type { KeyBinding } from '../../ui/keyboard.tsx'
import type { ReadingCommands } from '../reading-commands.ts'
import type { KeyRoom } from './key-room.ts'

const image = 'reading.group-image'

/** Going from image to image, and what is done with the one shown. */
export function imageKeys(commands: ReadingCommands, room: KeyRoom): KeyBinding[] {
  return [
    {
      code: 'ArrowDown',
      shown: '↓',
      text: 'reading.next-image',
      group: image,
      repeats: true,
      run: () => commands.step(1),
    },
    {
      code: 'ArrowUp',
      shown: '↑',
      text: 'reading.previous-image',
      group: image,
      repeats: true,
      run: () => commands.step(-1),
    },
    {
      code: 'PageDown',
      shown: 'PgDn',
      text: 'reading.next-series',
      group: image,
      run: () => commands.stepSeries(1),
    },
    {
      code: 'PageUp',
      shown: 'PgUp',
      text: 'reading.previous-series',
      group: image,
      run: () => commands.stepSeries(-1),
    },
    {
      code: 'PageDown',
      shift: true,
      shown: '⇧PgDn',
      text: 'reading.next-study',
      group: image,
      run: () => commands.stepStudy(1),
    },
    {
      code: 'PageUp',
      shift: true,
      shown: '⇧PgUp',
      text: 'reading.previous-study',
      group: image,
      run: () => commands.stepStudy(-1),
    },
    { code: 'Home', shown: 'Home', text: 'reading.first-image', group: image, run: () => commands.goTo(0) },
    { code: 'End', shown: 'End', text: 'reading.last-image', group: image, run: () => commands.goTo('last') },
    { code: 'KeyC', shown: 'C', text: 'reading.cine', group: image, run: () => commands.toggleCine() },
    {
      code: 'KeyC',
      control: true,
      shift: true,
      shown: '⌃⇧C',
      text: 'reading.copy-link',
      group: image,
      run: () => commands.copyLink(),
    },
    {
      code: 'KeyI',
      shift: true,
      shown: '⇧I',
      text: 'tags.show',
      group: image,
      run: () => commands.showTags(),
    },
    ...(room.maySave
      ? [
          {
            code: 'KeyV',
            shift: true,
            shown: '⇧V',
            text: 'objects.keep-view',
            group: image,
            run: () => commands.keepView(),
          } as const,
        ]
      : []),
  ]
}
