import { expect, test } from 'vitest'
import { isJSON, isUTF8, parseMediaType } from '../../src/http/media-type.ts'
import { negotiateStream } from '../../src/http/stream-framing.ts'

test.each<[header: string | null, essence: string, charset: string | undefined, json: boolean, utf8: boolean]>([
  [null, '', undefined, false, true],
  ['', '', undefined, false, true],
  ['application/json', 'application/json', undefined, true, true],
  ['Application/JSON; charset=UTF-8', 'application/json', 'utf-8', true, true],
  ['application/json;charset="utf-8"', 'application/json', 'utf-8', true, true],
  [' application/json ; a=b ; charset=us-ascii ', 'application/json', 'us-ascii', true, true],
  ['application/ld+json', 'application/ld+json', undefined, true, true],
  ['text/plain; charset=iso-8859-1', 'text/plain', 'iso-8859-1', false, false],
  ['text/plain; notcharset=latin1', 'text/plain', undefined, false, true],
  ['application/jsonx', 'application/jsonx', undefined, false, true],
])('%s', (header, essence, charset, json, utf8) => {
  const type = parseMediaType(header)
  expect([type.essence, type.charset, isJSON(type), isUTF8(type)]).toEqual([essence, charset, json, utf8])
})

test.each([
  [null, 'event-stream'],
  ['*/*', 'event-stream'],
  ['text/event-stream', 'event-stream'],
  ['application/x-ndjson', 'ndjson'],
  ['text/html, Application/NDJSON;q=0.9', 'ndjson'],
  ['application/jsonl', 'ndjson'],
  ['application/jsonlines', 'event-stream'],
])('Accept: %s is answered with %s', (accept, format) => {
  expect(negotiateStream(accept)).toBe(format)
})
