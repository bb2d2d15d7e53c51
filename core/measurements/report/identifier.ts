import type { MeasuredGeometry } from '../shapes.ts'

type MeasuredKind = MeasuredGeometry['kind']

/** Languages a report is written in (RFC 5646). */
export const REPORT_LANGUAGES = ['en', 'zh-CN'] as const
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number]

/** What marks are called that their reader gave no name: a document must call them something. */
const NAMES: Readonly<Record<ReportLanguage, Readonly<Record<MeasuredKind, string>>>> = {
  en: {
    length: 'Length',
    bidirectional: 'Bidirectional',
    angle: 'Angle',
    cobb: 'Cobb angle',
    ellipse: 'Ellipse',
    rectangle: 'Rectangle',
    circle: 'Circle',
    freehand: 'Outline',
    probe: 'Probe',
    arrow: 'Arrow',
    cardiothoracic: 'Cardiothoracic ratio',
    vertebra: 'Vertebra',
  },
  'zh-CN': {
    length: '长度',
    bidirectional: '双径',
    angle: '角度',
    cobb: 'Cobb 角',
    ellipse: '椭圆',
    rectangle: '矩形',
    circle: '圆',
    freehand: '轮廓',
    probe: '探针',
    arrow: '箭头',
    cardiothoracic: '心胸比',
    vertebra: '椎体',
  },
}

const GIVEN = new RegExp(
  `^(${REPORT_LANGUAGES.flatMap((language) => Object.values(NAMES[language])).join('|')}) \\d+$`,
)

/** A name for a mark without one; `number` tells those of a kind apart. */
export const givenName = (kind: MeasuredKind, number: number, language: ReportLanguage): string =>
  `${NAMES[language][kind]} ${number}`

/** Whether `givenName` made this name, not a reader. */
export const isGivenName = (name: string): boolean => GIVEN.test(name)
