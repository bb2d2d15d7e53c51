/** An element of an XML document. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

const NAME = '[A-Za-z_][\\w.-]*'
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads a document without DTD, comments and namespaces. Throws where it is not well-formed (XML 1.0). */
export function readXml(document: string): XmlElement {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(document))
    throw new Error('a character of none')
  let rest = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '')
  const take = (pattern: string): RegExpExecArray | undefined => {
    const match = new RegExp(`^(?:${pattern})`, 'u').exec(rest) ?? undefined
    rest = rest.slice(match?.[0].length ?? 0)
    return match
  }
  const plain = (text: string): string => {
    if (text.includes('<')) throw new Error(`not well-formed: ${text}`)
    return text.replace(/&(\w*);?/g, (_, entity: string) => {
      const meant = ENTITIES[entity]
      if (meant === undefined) throw new Error(`not well-formed: &${entity}`)
      return meant
    })
  }
  const element = (): XmlElement => {
    const name = take(`<(${NAME})`)?.[1]
    if (name === undefined) throw new Error(`an element was expected: ${rest.slice(0, 40)}`)
    const attributes: Record<string, string> = {}
    for (
      let match = take(`\\s+(${NAME})="([^"]*)"`);
      match !== undefined;
      match = take(`\\s+(${NAME})="([^"]*)"`)
    ) {
      const [, key = '', value = ''] = match
      if (key in attributes) throw new Error(`twice: ${key}`)
      attributes[key] = plain(value)
    }
    if (take('/>') !== undefined) return { name, attributes, children: [], text: '' }
    if (take('>') === undefined) throw new Error(`not well-formed: ${rest.slice(0, 40)}`)
    const children: XmlElement[] = []
    let text = ''
    while (take(`</${name}>`) === undefined) {
      text += plain(take('[^<]+')?.[0] ?? '')
      if (!rest.startsWith(`</${name}>`)) children.push(element())
    }
    return { name, attributes, children, text }
  }
  const root = element()
  if (rest !== '') throw new Error(`behind the document: ${rest}`)
  return root
}
