import type { ExampleSignature } from 'incant/internal/signature'
import type { Documentation } from './documentation.ts'
import { parseJSON } from './remarks.ts'

/** A caption in JSDoc's form; else the text on lines before the value. */
const CAPTION = /^\s*<caption>([\s\S]*?)<\/caption>/

/**
 * The examples that the JSDoc of predict or its class has: JSON, in a fenced block or not, with a caption before it or
 * without. What is not JSON is prose, or code, and left out.
 */
export function readExamples({ tags }: Documentation): readonly ExampleSignature[] {
  return tags.filter(({ name }) => name === 'example').flatMap(({ text = '' }) => readExample(text))
}

function readExample(text: string): readonly ExampleSignature[] {
  const [matched = '', caption] = CAPTION.exec(text) ?? []
  const rest = text.slice(matched.length)
  if (caption !== undefined) return toExample(rest, caption)
  const whole = toExample(rest, '')
  if (whole.length > 0) return whole
  const lineEnd = rest.trim().indexOf('\n')
  return lineEnd === -1 ? [] : toExample(rest.trim().slice(lineEnd), rest.trim().slice(0, lineEnd))
}

function toExample(text: string, caption: string): readonly ExampleSignature[] {
  const value = parseJSON(text.replace(/^\s*```\w*\s*$|^\s*```\s*$/gm, '').trim())
  if (value === undefined) return []
  const summary = caption.trim()
  return [{ ...(summary === '' ? {} : { summary }), value }]
}
