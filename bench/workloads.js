/**
 * One kind of request that every server answers: what is sent, the schema it is checked against where a server checks,
 * the answer that must come back.
 *
 * @typedef {object} Workload
 * @property {string} title
 * @property {object} schema JSON Schema of the payload
 * @property {(payload: any) => unknown} predict next to nothing, so that what is measured is the server
 * @property {() => object} makePayload
 * @property {string} type of the request's content
 * @property {(payload: any) => Buffer} encode the payload as it is sent
 * @property {(body: Buffer) => any} decode what `encode` gave, as a server without checks does
 * @property {{ warmUp: number, requests: number, rounds: number }} plan how many requests a round has
 * @property {{ warmUp: number, requests: number, rounds: number }} shortPlan the same for `--short`
 */

/** Height × width × channels of the image that most classifiers take. */
const PIXELS = 224 * 224 * 3

const JSON_FORM = {
  type: 'application/json',
  encode: payload => Buffer.from(JSON.stringify(payload)),
  decode: body => JSON.parse(body.toString()),
}

/** @type {Record<string, Workload>} */
export const workloads = {
  small: {
    title: 'small payload: {"text":…,"top":3}',
    ...JSON_FORM,
    schema: {
      type: 'object',
      properties: {
        text: { type: 'string', minLength: 1, maxLength: 10_000 },
        top: { type: 'integer', minimum: 1, maximum: 10 },
      },
      required: ['text'],
    },
    makePayload: () => ({ text: 'Wer reitet so spät durch Nacht und Wind?', top: 3 }),
    predict: ({ text, top }) => ({ length: text.length, top }),
    plan: { warmUp: 10_000, requests: 3000, rounds: 25 },
    shortPlan: { warmUp: 500, requests: 500, rounds: 2 },
  },
  large: {
    title: `large payload: ${PIXELS.toLocaleString('en')} numbers`,
    ...JSON_FORM,
    schema: {
      type: 'object',
      properties: { pixels: { type: 'array', items: { type: 'number' } } },
      required: ['pixels'],
    },
    makePayload: () => ({ pixels: Array.from({ length: PIXELS }, (_, index) => ((index * 7919) % 256) / 255) }),
    predict: ({ pixels }) => ({ count: pixels.length, last: pixels.at(-1) }),
    plan: { warmUp: 32, requests: 32, rounds: 9 },
    shortPlan: { warmUp: 4, requests: 8, rounds: 1 },
  },
}

/** Bytes in a request, as an image or a sound comes; what `bench/engine.js` measures besides. @type {Workload} */
export const binary = {
  title: 'binary payload: 10 MB',
  type: 'application/octet-stream',
  encode: bytes => bytes,
  decode: bytes => bytes,
  makePayload: () => Buffer.alloc(10_000_000, 'ten million bytes'),
  predict: bytes => ({ count: bytes.length, last: bytes.at(-1) }),
  plan: { warmUp: 16, requests: 32, rounds: 5 },
  shortPlan: { warmUp: 2, requests: 4, rounds: 1 },
}

/** The workload of a name. */
export function workloadOf(name) {
  return name === 'binary' ? binary : workloads[name]
}

/** The workload that the command line of a child process names. */
export function namedWorkload() {
  return workloadOf(process.argv[2])
}
