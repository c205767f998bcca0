import { readFileSync } from 'node:fs'

/** One text of the corpus. */
export interface CorpusCase {
  /** `y`: is JSON, `n`: is not, `i`: is left to the implementation. */
  readonly kind: 'y' | 'n' | 'i'
  /** As it stands in the file. */
  readonly written: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Reads `json-corpus.txt`; its first lines say how it is written. */
export function readCorpus(): readonly CorpusCase[] {
  const text = readFileSync(new URL('json-corpus.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(readLine)
}

function readLine(line: string): CorpusCase {
  const [, kind, written] = /^([yni]) (.*)$/.exec(line) ?? []
  if (written === undefined || !(kind === 'y' || kind === 'n' || kind === 'i')) throw new Error(`not a case: ${line}`)
  return { kind, written, bytes: toBytes(written) }
}

function toBytes(written: string): Uint8Array<ArrayBuffer> {
  const latin1 = Buffer.from(written)
    .toString('latin1')
    .replace(/%([\dA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return new Uint8Array(Buffer.from(latin1, 'latin1'))
}

/** The statuses a case may be answered with. */
export function allowedStatuses(kind: CorpusCase['kind']): readonly number[] {
  return { y: [200], n: [400], i: [200, 400] }[kind]
}
