import type { SamplePatient } from './sample-study.ts'

/** Invented people. */
export const zhangWei: SamplePatient = {
  characterSet: 'GB18030',
  name: { Alphabetic: 'Zhang^Wei', Ideographic: '张^伟' },
  id: 'YY-0001',
  birthDate: '19610412',
  sex: 'M',
  institution: '云影示范医院',
  referring: { Alphabetic: 'Chen^Jing', Ideographic: '陈^静' },
}

export const liNa: SamplePatient = {
  characterSet: 'ISO_IR 192',
  name: { Alphabetic: 'Li^Na', Ideographic: '李^娜' },
  id: 'YY-0002',
  birthDate: '19870923',
  sex: 'F',
  institution: '云影示范医院',
  referring: { Alphabetic: 'Zhao^Yun', Ideographic: '赵^芸' },
}

export const annaKeller: SamplePatient = {
  characterSet: 'ISO_IR 100',
  name: { Alphabetic: 'Keller^Anna Zoé' },
  id: 'YY-0003',
  birthDate: '19740118',
  sex: 'F',
  institution: 'Yunying Sample Clinic',
  referring: { Alphabetic: 'Müller^Jürgen^^Dr.' },
}

export const jamesOconnor: SamplePatient = {
  characterSet: 'ISO_IR 192',
  name: { Alphabetic: "O'Connor^James" },
  id: 'YY-0004',
  birthDate: '19550630',
  sex: 'M',
  institution: 'Yunying Sample Clinic',
  referring: { Alphabetic: 'Fernández^Lucía^^Dra.' },
}

export const wangFang: SamplePatient = {
  characterSet: 'GB18030',
  name: { Alphabetic: 'Wang^Fang', Ideographic: '王^芳' },
  id: 'YY-0005',
  birthDate: '19700526',
  sex: 'F',
  institution: '云影示范医院',
  referring: { Alphabetic: 'Chen^Jing', Ideographic: '陈^静' },
}
