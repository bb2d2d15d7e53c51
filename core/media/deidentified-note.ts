import type { ShareDeidentify } from '../contract/sharing.ts'
import type { CopyRefusal } from '../sharing/copy-instance.ts'

/** An instance that is not in an export, by what it is: never by what it was called. */
export interface LeftOut {
  readonly modality: string
  readonly reason: CopyRefusal
}

interface Words {
  readonly title: string
  readonly done: string
  readonly drawn: string
  readonly chosen: Readonly<
    Record<
      'datesShifted' | 'datesRemoved' | 'characteristics' | 'descriptors' | 'uids' | 'confirmed' | 'blackout',
      string
    >
  >
  readonly count: (instances: number) => string
  readonly nothingLeftOut: string
  readonly leftOut: string
  readonly images: (count: number) => string
  readonly faces: string
  readonly reasons: Readonly<Record<CopyRefusal, string>>
}

const ENGLISH: Words = {
  title: 'A study without names',
  done: 'De-identified by the Basic Application Level Confidentiality Profile of DICOM PS3.15, Annex E.',
  drawn:
    'UIDs, names and numbers were drawn for this export alone: another export of the same study cannot be put together with it.',
  chosen: {
    datesShifted: 'Dates: all moved by the same number of days.',
    datesRemoved: 'Dates: taken out.',
    characteristics: 'Kept: sex, age, size and weight.',
    descriptors: 'Kept of descriptions: words of the trade.',
    uids: 'Kept: UIDs.',
    confirmed: 'Images that may show a name: a person looked at them and says that nobody is named.',
    blackout: 'Regions of images were blacked out.',
  },
  count: (instances) => `Instances: ${instances}; DICOMDIR lists them.`,
  nothingLeftOut: 'Nothing was left out.',
  leftOut: 'Left out:',
  images: (count) => `${count} ${count === 1 ? 'instance' : 'instances'}`,
  faces:
    'A face can be made out of a CT or MR of a head. Nothing was done about that: think of it before you pass such images on.',
  reasons: {
    'annotation-declared': 'the file says that text is burnt in',
    'features-declared': 'the file says that a face can be recognised',
    ultrasound: 'ultrasound, in which a name may be burnt',
    'secondary-capture': 'a captured screen, which may show a name',
    video: 'video, which may show a name',
    photograph: 'a photograph, which may show a face or a name',
    scanned: 'scanned or digitised, which may show a name',
    'overlay-in-pixels': 'an overlay inside the pixels',
    'encapsulated-document': 'a document inside the file, which nothing here can clean',
    'identity-in-codestream': 'the compressed image has the patient in a comment',
    'pixels-not-writable': 'its pixels could not be blacked out',
    unreadable: 'the file is damaged',
    'not-storable': 'the file could not be made',
  },
}

const CHINESE: Words = {
  title: '去标识化的检查',
  done: '已按 DICOM PS3.15 附录 E 基本应用级保密规范去标识化。',
  drawn: 'UID、姓名和编号均为本次导出随机生成，无法与同一检查的其他导出相互对应。',
  chosen: {
    datesShifted: '日期：全部移动相同的天数。',
    datesRemoved: '日期：已删除。',
    characteristics: '保留：性别、年龄、身高和体重。',
    descriptors: '描述中仅保留专业词汇。',
    uids: '保留：UID。',
    confirmed: '可能显示姓名的影像：已由人员查看并确认其中没有姓名。',
    blackout: '影像的部分区域已涂黑。',
  },
  count: (instances) => `实例数：${instances}，均列于 DICOMDIR。`,
  nothingLeftOut: '没有遗漏任何内容。',
  leftOut: '未包含：',
  images: (count) => `${count} 个实例`,
  faces: '头部 CT 或 MR 可用于重建面容，本导出未对此作处理；转交此类影像前请予考虑。',
  reasons: {
    'annotation-declared': '文件声明影像中烧录了文字',
    'features-declared': '文件声明可辨认面部',
    ultrasound: '超声，可能烧录有姓名',
    'secondary-capture': '屏幕截图，可能显示姓名',
    video: '视频，可能显示姓名',
    photograph: '照片，可能显示面容或姓名',
    scanned: '扫描或数字化影像，可能显示姓名',
    'overlay-in-pixels': '像素中含有叠加层',
    'encapsulated-document': '文件中的文档，无法清除其中的信息',
    'identity-in-codestream': '压缩影像的注释中含有患者信息',
    'pixels-not-writable': '无法涂黑其像素',
    unreadable: '文件已损坏',
    'not-storable': '无法生成文件',
  },
}

/** The text that lies beside de-identified images: what was done, and what is not there. UTF-8, in both languages. */
export function deidentifiedNote(
  deidentify: ShareDeidentify,
  made: { readonly instances: number; readonly leftOut: readonly LeftOut[] },
): Uint8Array {
  const text = [ENGLISH, CHINESE]
    .map((words) => linesOf(words, deidentify, made).join('\r\n'))
    .join('\r\n\r\n\r\n')
  // With its mark: an old editor takes it for something else without.
  return new TextEncoder().encode(`\uFEFF${text}\r\n`)
}

function linesOf(
  words: Words,
  deidentify: ShareDeidentify,
  { instances, leftOut }: { readonly instances: number; readonly leftOut: readonly LeftOut[] },
): string[] {
  const { chosen } = words
  const counts = new Map<string, number>()
  for (const { modality, reason } of leftOut) {
    const what = [modality, words.reasons[reason]].filter((part) => part !== '').join(', ')
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [
    words.title,
    '',
    words.done,
    ...(deidentify.keepUids ? [] : [words.drawn]),
    deidentify.shiftDates ? chosen.datesShifted : chosen.datesRemoved,
    ...(deidentify.keepPatientCharacteristics ? [chosen.characteristics] : []),
    ...(deidentify.keepDescriptors ? [chosen.descriptors] : []),
    ...(deidentify.keepUids ? [chosen.uids] : []),
    ...(deidentify.pixels === 'confirmed' ? [chosen.confirmed] : []),
    ...(deidentify.blackout.length > 0 ? [chosen.blackout] : []),
    '',
    words.count(instances),
    ...(leftOut.length === 0
      ? [words.nothingLeftOut]
      : [words.leftOut, ...[...counts].map(([what, count]) => `- ${words.images(count)}: ${what}`)]),
    '',
    words.faces,
  ]
}
