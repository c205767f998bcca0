import { isIP } from 'node:net'
import { plainAddress } from './plain-address.ts'

/** The header in which proxies report the address of their caller. */
export type ForwardingHeader = 'x-forwarded-for' | 'forwarded'

/**
 * The addresses of a forwarding header, in its order; undefined in the place of each entry without one.
 *
 * @param value All its lines, joined by commas.
 */
export function readForwarded(header: ForwardingHeader, value: string): readonly (string | undefined)[] {
  return header === 'forwarded' ? readElements(value) : value.split(',').map(entry => parseNode(entry.trim()))
}

/**
 * RFC 7239 §4. A value that is not well formed has no entry that can be believed: a quote that the caller leaves open
 * would swallow what the proxy writes after it.
 */
function readElements(value: string): readonly (string | undefined)[] {
  const pieces = readPieces(value)
  if (pieces === undefined) return [undefined]
  const elements: string[][] = [[]]
  for (const { name, node, end } of pieces) {
    if (name.toLowerCase() === 'for') elements.at(-1)?.push(node)
    if (end === ',') elements.push([])
  }
  return elements.map(([node, ...others]) =>
    node === undefined || others.length > 0 ? undefined : parseNode(unquote(node)),
  )
}

/** A parameter, and what divides it from the next one. */
interface Piece {
  readonly name: string
  readonly node: string
  readonly end: string
}

/** Beside tokens and quoted strings also addresses that should have been quoted: many proxies write them plainly. */
const PIECE = /[ \t]*([!#$%&'*+\-.^_`|~\w]+)=("(?:[^"\\]|\\.)*"|[^\s",;=\\]+)[ \t]*(,|;|$)/y

/** Undefined where the value contains anything else. */
function readPieces(value: string): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  PIECE.lastIndex = 0
  for (let match = PIECE.exec(value); match !== null; match = PIECE.exec(value)) {
    const [, name = '', node = '', end = ''] = match
    pieces.push({ name, node, end })
    if (end === '') return pieces
  }
  return undefined
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? text
}

/** An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`. */
function parseNode(text: string): string | undefined {
  const bracketed = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text)?.[1]
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? plainAddress(bracketed) : undefined
  const address = /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text
  return /^[0-9a-f:.]+$/i.test(address) && isIP(address) !== 0 ? plainAddress(address) : undefined
}
