import { join } from 'node:path'
import fc from 'fast-check'
import { BasePredictor, createApp, type JSONValue, type PredictSignature, silentLogger } from 'incant'
import { expect, test } from 'vitest'
import { propertyRuns } from '../../../../tests/property-runs.ts'
import { type Compilation, sourceFileOf, withCompilation } from '../../src/signature/compiler/compiler.ts'
import { readSignatures } from '../../src/signature/read-and-check.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { DECLARATIONS, randomType, valueFor } from './type-arbitrary.ts'
import { randomWorld } from './world-arbitrary.ts'

interface Sample {
  readonly type: string
  readonly values: readonly JSONValue[]
  /** Declarations that the type refers to, where it is not of the common ones, and those for the checker. */
  readonly declare?: string
  readonly plain?: string
}

/** What one side says of one value. */
interface Verdict {
  readonly type: string
  readonly value: string
  readonly accepted: boolean
}

const sample: fc.Arbitrary<Sample> = randomType.chain(type =>
  fc.record({ type: fc.constant(type.text), values: fc.array(valueFor(type), { minLength: 6, maxLength: 10 }) }),
)

const worldSample: fc.Arbitrary<Sample> = randomWorld.chain(world =>
  fc.record({
    type: fc.constant(world.text),
    declare: fc.constant(world.declare),
    plain: fc.constant(world.plain),
    values: fc.array(valueFor(world), { minLength: 8, maxLength: 12 }),
  }),
)

const PROPERTY = { tags: ['property'], timeout: 120_000 }

/** Compares both on many values of many types. */
function sameVerdicts(samples: fc.Arbitrary<Sample>, count: number): Promise<void> {
  const batches = fc.array(samples, { minLength: count, maxLength: count, size: 'max' })
  const property = fc.asyncProperty(batches, async batch => {
    const file = join(temporaryFolder({ 'p.ts': sourceOf(batch) }), 'p.ts')
    const checked = checkerVerdicts(file, batch)
    const served = await serverVerdicts(file, batch)
    const differing = served.filter((ours, index) => ours.accepted !== checked[index]?.accepted)
    expect(differing).toEqual([])
    // Both verdicts are well represented, or the test says nothing.
    expect(new Set(checked.map(({ accepted }) => accepted)).size).toBe(2)
  })
  // A run compiles all types against some hundred values; shrinking would compile as often again for each step.
  return fc.assert(property, { numRuns: propertyRuns(2), endOnFailure: true })
}

test('what the checker accepts as a value of a type the server accepts, and it refuses the rest', PROPERTY, () =>
  sameVerdicts(sample, 60),
)

test('so it is with named types that are recursive, intersected and branded', PROPERTY, () =>
  sameVerdicts(worldSample, 25),
)

/** Each type with a predictor that takes it, and each value as the type that only it has: literals in tuples and objects. */
function sourceOf(samples: readonly Sample[]): string {
  const parts = samples.flatMap(({ type, values, declare, plain }, index) => [
    ...(declare === undefined ? [] : [`namespace R${index} {\n${declare}\n}`, `namespace C${index} {\n${plain}\n}`]),
    `export type T${index} = ${declare === undefined ? type : `R${index}.${type}`}`,
    `export type C${index}_checked = ${declare === undefined ? type : `C${index}.${type}`}`,
    `export class P${index} extends BasePredictor { predict(payload: { value: T${index} }) {} }`,
    ...values.map((value, each) => `export type V${index}_${each} = ${JSON.stringify(value)}`),
  ])
  return ["import { BasePredictor } from 'incant'", DECLARATIONS, ...parts].join('\n')
}

async function serverVerdicts(file: string, samples: readonly Sample[]): Promise<readonly Verdict[]> {
  const signatures = new Map(readSignatures({ file, all: true }).signatures.map(one => [one.className, one]))
  const verdicts = samples.map(async ({ type, values }, index) => {
    const ask = await serve(signatures.get(`P${index}`))
    return Promise.all(values.map(async value => verdict(type, value, await ask({ value }))))
  })
  return (await Promise.all(verdicts)).flat()
}

class Taker extends BasePredictor {
  predict(_payload: unknown) {}
}

/** A server of what a signature takes, and whether it takes a payload: 200, or 422. */
async function serve(signature: PredictSignature | undefined): Promise<(payload: JSONValue) => Promise<boolean>> {
  if (signature === undefined) throw new Error('no signature')
  const app = createApp(Taker, { signature, logger: silentLogger })
  await app.ready
  return async payload => {
    const { status } = await app.request('/predict', { method: 'POST', body: JSON.stringify(payload) })
    expect([200, 422]).toContain(status)
    return status === 200
  }
}

function checkerVerdicts(file: string, samples: readonly Sample[]): readonly Verdict[] {
  return withCompilation(file, compilation => {
    const types = exportedTypes(compilation)
    return samples.flatMap(({ type, values }, index) =>
      values.map((value, each) => {
        const [source, target] = [types.get(`V${index}_${each}`), types.get(`C${index}_checked`)]
        if (source === undefined || target === undefined) throw new Error(`no type ${index}`)
        return verdict(type, value, compilation.checker.isTypeAssignableTo(source, target))
      }),
    )
  })
}

function exportedTypes(
  compilation: Compilation,
): ReadonlyMap<string, ReturnType<Compilation['checker']['getAnyType']>> {
  const { checker } = compilation
  const module = checker.getSymbolAtLocation(sourceFileOf(compilation))
  if (module === undefined) throw new Error('not a module')
  return new Map(
    checker.getExportsOfModule(module).map(symbol => [symbol.name, checker.getDeclaredTypeOfSymbol(symbol)]),
  )
}

function verdict(type: string, value: JSONValue, accepted: boolean): Verdict {
  return { type, value: JSON.stringify(value), accepted }
}
