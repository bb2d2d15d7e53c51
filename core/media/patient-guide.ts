/** A file that lies in a ZIP beside the images. */
export interface GuideFile {
  readonly name: string
  readonly bytes: Uint8Array
}

interface Chapter {
  readonly language: string
  readonly title: string
  readonly lines: readonly string[]
}

/** What somebody who has never seen a DICOM file has to know, in both languages. */
const CHAPTERS: readonly Chapter[] = [
  {
    language: 'en',
    title: 'How to look at your images',
    lines: [
      'This folder holds your medical images in the format that hospitals use (DICOM). Keep it whole: the files belong together.',
      'To give it to a doctor: copy the whole folder to a USB stick or a disc, or send the ZIP as you received it. Every hospital can read it: they open the file DICOMDIR.',
      'To look at it yourself: first unpack the ZIP. Then install a free DICOM viewer, for example Weasis (Windows, macOS, Linux) or Horos (macOS). In it choose “Open DICOMDIR” or “Open folder”, and choose the file DICOMDIR in this folder.',
      'A double click on the images themselves does not work: they are no photographs.',
      'The images show your body. Give them only to people you trust. What they mean is for your doctor to say.',
    ],
  },
  {
    language: 'zh-CN',
    title: '怎样查看您的图像',
    lines: [
      '此文件夹包含您的医学图像，采用医院通用的格式（DICOM）。请保持完整，其中的文件缺一不可。',
      '交给医生：将整个文件夹复制到 U 盘或光盘，或直接发送收到的 ZIP 文件。任何医院都可以读取，只需打开其中的 DICOMDIR 文件。',
      '自己查看：先解压 ZIP 文件，再安装一款免费的 DICOM 阅片软件，例如 Weasis（Windows、macOS、Linux）或 Horos（macOS）。在软件中选择“打开 DICOMDIR”或“打开文件夹”，然后选择本文件夹中的 DICOMDIR 文件。',
      '直接双击图像文件无法打开，因为它们不是普通照片。',
      '这些图像是您的隐私，请只交给您信任的人。图像的含义请咨询您的医生。',
    ],
  },
]

/** Files for a patient who takes a study away: how it is opened, and by whom. They name nobody. */
export function patientGuide(): GuideFile[] {
  const encoder = new TextEncoder()
  return [
    { name: 'README.html', bytes: encoder.encode(page()) },
    // With its mark: an old editor takes it for something else without.
    { name: 'README.txt', bytes: encoder.encode(`\uFEFF${CHAPTERS.map(plain).join('\r\n\r\n\r\n')}\r\n`) },
  ]
}

const plain = ({ title, lines }: Chapter): string => [title, ...lines].join('\r\n\r\n')

const page = (): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${CHAPTERS.map(({ title }) => title).join(' · ')}</title>
<style>body { max-width: 38em; margin: 2em auto; padding: 0 1em; font: 18px/1.6 system-ui, sans-serif }</style>
${CHAPTERS.map(chapter).join('\n<hr>\n')}
</html>
`

const chapter = ({ language, title, lines }: Chapter): string =>
  `<section lang="${language}">\n<h1>${title}</h1>\n${lines.map((line) => `<p>${line}</p>`).join('\n')}\n</section>`
