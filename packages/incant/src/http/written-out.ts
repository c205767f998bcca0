/**
 * The same JSON without `\u` escapes where they can be done without, on platforms that need it. V8 13 and 14, of Node
 * 24 and 26, recognize a member by the beginning of its source if another text had a member of that very name: after
 * one `{"gr\\u0":1}`, every later `{"gr\u00f6\u00dfe":1}` has the member `gr\u0`
 * (https://github.com/nodejs/node/issues/63785). The remaining escapes are quotes, backslashes and controls.
 */
export const writtenOut: (text: string) => string = confusesNames() ? writeOut : text => text

function confusesNames(): boolean {
  // Behind a member that no other object has: where several may follow, nothing is looked up.
  JSON.parse('{"incant probe":0,"a\\\\u0":0}')
  return !Object.hasOwn(JSON.parse('{"incant probe":0,"a\\u0062cd":0}'), 'abcd')
}

/** An escape, taken whole, so that the second half of `\\` does not begin another. */
const ESCAPE = /\\(?:u([\dA-Fa-f]{4})|.)/gs

function writeOut(text: string): string {
  return text.includes('\\u') ? text.replace(ESCAPE, writeEscape) : text
}

function writeEscape(written: string, digits: string | undefined): string {
  if (digits === undefined) return written
  const code = Number.parseInt(digits, 16)
  return code < 0x20 || code === 0x22 || code === 0x5c ? written : String.fromCharCode(code)
}
