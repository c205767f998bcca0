import { Document, isMap, isScalar, isSeq, type Pair } from 'yaml'
import type { Part } from './resource.ts'

const WIDTH = 96

/**
 * Documents as YAML, members in the order of the data, so that equal plans give equal text.
 *
 * @param head - A comment above the first one.
 */
export function toYAML(parts: readonly Part[], head: string): string {
  const documents = parts.map(toDocument)
  return [toComment(head), '', documents.join('---\n')].join('\n')
}

function toDocument({ data, comments = {} }: Part): string {
  const document = new Document(data, { aliasDuplicateObjects: false })
  for (const [path, text] of Object.entries(comments)) {
    if (path === '')
      document.commentBefore = wrap(text)
        .map(line => ` ${line}`)
        .join('\n')
    else commentOn(document, path, text)
  }
  return document.toString({ lineWidth: 0, indentSeq: true })
}

/** Members of lists are named by their place: `containers.0.env`. */
function commentOn(document: Document, path: string, text: string): void {
  const steps = path.split('.')
  const key = steps.at(-1) ?? ''
  const parent = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true)
  const comment = wrap(text)
    .map(line => ` ${line}`)
    .join('\n')
  if (isSeq(parent)) Object.assign(parent.items[Number(key)] ?? {}, { commentBefore: comment })
  else if (isMap(parent)) Object.assign(findKey(parent.items, key) ?? {}, { commentBefore: comment })
}

function findKey(pairs: readonly Pair[], key: string): object | undefined {
  const pair = pairs.find(({ key: each }) => isScalar(each) && each.value === key)
  return isScalar(pair?.key) ? pair.key : undefined
}

function toComment(text: string): string {
  return text
    .split('\n')
    .map(line => `# ${line}`.trimEnd())
    .join('\n')
}

function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && last.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
