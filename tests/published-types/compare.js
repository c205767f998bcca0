// Incant's verdicts against those of ts-json-schema-generator with ajv, on bodies that were changed at random.
import { Ajv } from 'ajv'
import { createGenerator } from 'ts-json-schema-generator'
import { mutate, random } from './mutate.js'

const MUTATIONS = 2000

/**
 * Compares verdicts.
 *
 * @param {{ file: string, bodies: unknown[], accepts: (body: unknown) => boolean }} options the file that exports `Payload`,
 *   bodies that are allowed, and Incant's verdict
 */
export function compare({ file, bodies, accepts }) {
  const other = compileOther(file)
  const next = random(42)
  const differences = []
  let accepted = 0
  for (let count = 0; count < MUTATIONS; count += 1) {
    const body = mutate(structuredClone(bodies[count % bodies.length]), next)
    const verdicts = [accepts(body), other(body)]
    if (verdicts[0]) accepted += 1
    if (verdicts[0] !== verdicts[1]) {
      differences.push(`Incant ${verdicts[0] ? 'accepts' : 'refuses'}, the other does not: ${JSON.stringify(body)}`)
    }
  }
  return { count: MUTATIONS, accepted, differences: differences.slice(0, 5) }
}

/** The other implementation. What it reads of JSDoc is left out: these packages did not write it for Incant. */
function compileOther(file) {
  const generator = createGenerator({
    path: file,
    type: 'Payload',
    tsconfig: new URL('tsconfig.json', import.meta.url).pathname,
    skipTypeCheck: true,
    additionalProperties: true,
    jsDoc: 'none',
  })
  const ajv = new Ajv({ strict: false, validateFormats: false })
  return ajv.compile(generator.createSchema('Payload'))
}
