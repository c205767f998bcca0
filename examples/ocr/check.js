// Installs what the example needs, has a page read by a real server, and stops it: node examples/ocr/check.js
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { install, withServer } from '../serving.js'

const LINES = ['Invoice 2024-117', 'Blue whale poster', 'Total due 48.50']

// The install script would fetch binaries for graphics cards, which are not used here.
install(new URL('.', import.meta.url), { ONNXRUNTIME_NODE_INSTALL: 'skip' })

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  const page = await readFile(new URL('page.png', import.meta.url))
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'Content-Type': 'image/png' },
    body: page,
  })
  assert.equal(response.status, 200)
  const { lines } = await response.json()
  assert.deepEqual(
    lines.map(line => line.text),
    LINES,
  )
  for (const { confidence, box } of lines) {
    assert.ok(confidence > 0.9 && confidence <= 1)
    assert.ok(box.left >= 30 && box.left <= 50 && box.height >= 25 && box.height <= 50, JSON.stringify(box))
  }
  const refused = await fetch(`${url}/predict`, { method: 'POST', body: 'no image' })
  assert.equal(refused.status, 422)
  assert.equal((await refused.json()).detail, 'The body is not an image that can be read.')
})

console.log(`ocr: ${LINES.length} of ${LINES.length} lines right`)
