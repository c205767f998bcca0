// Serves a predictor with the command that is installed in the current folder, as a reader of the README does, and asks it.
import assert from 'node:assert/strict'
import { pathToFileURL } from 'node:url'
import { postJSON, withServer } from '../../examples/serving.js'

const file = new URL('predictor.ts', `${pathToFileURL(process.cwd())}/`)

await withServer(
  file,
  async url => {
    assert.deepEqual(await postJSON(`${url}/predict`, { text: 'one two' }), { status: 200, body: { words: 2 } })
    const refused = await postJSON(`${url}/predict`, { text: '' })
    assert.equal(refused.status, 422)
    assert.equal(refused.body.errors[0].pointer, '#/text')
    const document = await fetch(`${url}/openapi.json`).then(response => response.json())
    assert.match(document.openapi, /^3\.1\./)
  },
  // The signal ends npx itself; its output closes when the server has ended as well.
  { command: ['npx', 'incant'], exitCode: null },
)

console.log('packages: installed, compiled against, served')
