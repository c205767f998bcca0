import { BasePredictor } from 'incant'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><script>parent.hacked = true</script><rect width="20" height="20" onload="parent.hacked = true"/></svg>'
const MARKUP = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>'

interface Wish {
  what: 'scores' | 'png' | 'svg' | 'html' | 'markup' | 'link' | 'line' | 'large' | 'numbers' | 'bytes'
  numbers?: number[]
}

const typed = (body: Uint8Array<ArrayBuffer> | string, type: string) =>
  new Response(body, { headers: { 'Content-Type': type } })

const ANSWERS = {
  scores: () => ['b', 'a', 'c'].map((label, index) => ({ label, score: [0.25, 0.5, 0.125][index] })),
  png: () => typed(Buffer.from(PNG, 'base64'), 'image/png'),
  svg: () => typed(SVG, 'image/svg+xml'),
  html: () => typed(MARKUP, 'text/html'),
  markup: () => ({ text: MARKUP, [MARKUP]: 1 }),
  link: () => ({ link: 'javascript:window.hacked = true' }),
  line: () => 'a'.repeat(10_000_000),
  large: () =>
    Array.from({ length: 40_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      share: id / 40_000,
      isEven: id % 2 === 0,
      note: 'some words about it, more or less the same in each row',
    })),
  bytes: () => typed(new Uint8Array(1000), 'application/octet-stream'),
}

export default class Answers extends BasePredictor {
  predict({ what, numbers = [] }: Wish): unknown {
    return what === 'numbers'
      ? { count: numbers.length, sum: numbers.reduce((sum, number) => sum + number, 0) }
      : ANSWERS[what]()
  }
}
