import { isIP } from 'node:net'

/** The header in which proxies say for whom they ask. */
export type ForwardingHeader = 'x-forwarded-for' | 'forwarded'

/**
 * The addresses of a forwarding header, in its order; undefined in the place of each entry that holds none.
 *
 * @param value All its lines, joined by commas.
 */
export function readForwarded(header: ForwardingHeader, value: string): readonly (string | undefined)[] {
  return header === 'forwarded' ? readElements(value) : value.split(',').map(entry => parseNode(entry.trim()))
}

/** RFC 7239 §4. A value that is not well formed has no entry that can be believed. */
function readElements(value: string): readonly (string | undefined)[] {
  const elements = splitOutsideQuotes(value, ',')
  return elements.map(element => {
    const pairs = splitOutsideQuotes(element, ';').map(pair => /^\s*for\s*=\s*(.*?)\s*$/i.exec(pair)?.[1])
    const [node, ...others] = pairs.filter(pair => pair !== undefined)
    return node === undefined || others.length > 0 ? undefined : parseNode(unquote(node))
  })
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  const parts = ['']
  let quoted = false
  for (const [index, character] of [...text].entries()) {
    if (character === '"' && text[index - 1] !== '\\') quoted = !quoted
    if (character === separator && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text
}

/** An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`. */
function parseNode(text: string): string | undefined {
  const bracketed = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text)?.[1]
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : undefined
  const address = /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  return /^[0-9a-f:.]+$/i.test(address) && isIP(address) !== 0 ? address : undefined
}
