// Embeds texts on a real server, many at once, and compares what they mean: node examples/embeddings/check.js
import assert from 'node:assert/strict'
import { postJSON, withServer } from '../serving.js'

const PAIRS = [
  ['How do I reset my password?', 'I forgot my login and need a new one.'],
  ['The cat sleeps on the sofa.', 'A kitten is napping on the couch.'],
  ['The stock market fell sharply today.', 'Shares dropped a lot this afternoon.'],
]

await withServer(new URL('predictor.ts', import.meta.url), async url => {
  const embed = async text => {
    const { status, body } = await postJSON(`${url}/predict`, text)
    assert.equal(status, 200, text)
    assert.equal(body.length, 512)
    return body
  }
  // Together, so that they are computed in batches; one that is wrong among them is refused alone.
  const [vectors, refused] = await Promise.all([Promise.all(PAIRS.flat().map(embed)), postJSON(`${url}/predict`, '')])
  assert.equal(refused.status, 422)
  assert.deepEqual(refused.body.errors[0].pointer, '#')
  for (const [index] of PAIRS.entries()) {
    const [one, other, stranger] = [2 * index, 2 * index + 1, (2 * index + 2) % vectors.length].map(at => vectors[at])
    const [near, far] = [similarity(one, other), similarity(one, stranger)]
    assert.ok(near > far + 0.2, `${PAIRS[index][0]}: ${near} and ${far}`)
  }
  await compareWithOpenAI(url, vectors)
  const alone = await embed(PAIRS[0][0])
  assert.ok(similarity(alone, vectors[0]) > 0.9999, 'a vector is the same alone and in a batch')
})

console.log(`embeddings: ${PAIRS.length} of ${PAIRS.length} pairs nearest to each other`)

/** A client of the OpenAI API sends many texts at once, and reads the same numbers. */
async function compareWithOpenAI(url, vectors) {
  const input = PAIRS.flat()
  const { status, body } = await postJSON(`${url}/v1/embeddings`, {
    model: 'predictor',
    input,
    encoding_format: 'float',
  })
  assert.equal(status, 200)
  assert.deepEqual(
    body.data.map(({ index }) => index),
    input.map((_, index) => index),
  )
  for (const { index, embedding } of body.data) assert.ok(similarity(embedding, vectors[index]) > 0.9999, input[index])
}

/** The cosine of the angle between two vectors. */
function similarity(one, other) {
  const dot = (left, right) => left.reduce((sum, value, index) => sum + value * right[index], 0)
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
}
