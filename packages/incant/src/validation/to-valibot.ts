import * as v from 'valibot'
import type { Definitions, JSONSchema, JSONTypeName } from '../schema/json-schema.ts'
import { numberArrayType } from '../schema/number-arrays.ts'
import { compileArray } from './array.ts'
import { checkSchemas, targetOf } from './check-schemas.ts'
import { type Compiler, MAXIMUM_EAGER } from './compiler.ts'
import type { Constraint } from './constraint.ts'
import { accept, createSchema, type Outcome, refuse, run } from './dataset.ts'
import { DECODERS, decodedText } from './decode.ts'
import { compileDiscriminatedUnion } from './discriminated-union.ts'
import { compileConstants } from './enumeration.ts'
import { JSON_TYPES, type JSONType, jsonTypeOf, typeNames } from './json-types.ts'
import { hasConstants, hasTypedKeywords } from './keywords.ts'
import { mergeOutputs } from './merge.ts'
import { numberConstraints } from './number.ts'
import { compileNumberArray } from './number-array.ts'
import { compileObject } from './object.ts'
import { compileFile, fileClassOf } from './received-file.ts'
import { stringConstraints } from './string.ts'
import { compileTensor, isTensor } from './tensor.ts'
import { Tests } from './tests.ts'
import { compileUnion } from './union.ts'
import { typeMessage } from './words.ts'

/**
 * The valibot schema of a JSON Schema, as {@link JSONSchema} specifies it. Its messages never contain the input, and
 * its issues stop soon after the fiftieth.
 *
 * @throws StartupError `invalid_signature` for a reference to no definition and a pattern that does not compile.
 * @example
 * const schema = toValibot({ type: 'string', minLength: 1 }, {})
 * v.parse(schema, 'x')
 */
export function toValibot(schema: JSONSchema, definitions: Definitions): v.GenericSchema {
  const tests = new Tests(schema, definitions)
  const { compiler, finish } = createCompiler(definitions, tests)
  const compiled = compiler.compile(schema)
  finish()
  // A separate configuration distinguishes one run from the next: unions remember values during a run.
  return createSchema('json_schema', (value, config) => {
    try {
      return run(compiled, value, { ...config })
    } finally {
      tests.forget()
    }
  })
}

/** How many schemas are compiled inside each other. What lies deeper is compiled late, so that none is too deep for the stack. */
const MAXIMUM_DEPTH = 64

/** A compiler, and the end of its work: a look at what it has left for later, since no request should find a fault there. */
function createCompiler(
  definitions: Definitions,
  tests: Tests,
): { readonly compiler: Compiler; readonly finish: () => void } {
  const schemas = new Map<JSONSchema, v.GenericSchema | undefined>()
  const left: JSONSchema[] = []
  let depth = 0
  const compiler: Compiler = {
    definitions,
    compile(schema) {
      const known = schemas.get(schema)
      if (known !== undefined) return known
      // Met again before it is finished: the schema refers to itself.
      if (schemas.has(schema)) return v.lazy(() => schemas.get(schema) ?? v.never())
      if (depth >= MAXIMUM_DEPTH || schemas.size >= MAXIMUM_EAGER) {
        left.push(schema)
        return v.lazy(() => schemas.get(schema) ?? compile(schema))
      }
      return compile(schema)
    },
    matches: schema => tests.matches(schema),
    unchanged: schema => tests.unchanged(schema),
  }
  const compile = (schema: JSONSchema): v.GenericSchema => {
    schemas.set(schema, undefined)
    depth += 1
    const compiled = compileSchema(schema, compiler)
    depth -= 1
    schemas.set(schema, compiled)
    return compiled
  }
  return { compiler, finish: () => checkSchemas(left, definitions) }
}

function compileSchema(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const compiled = compileParts(schema, compiler)
  const accepts = compiler.unchanged(schema)
  if (accepts === undefined) return compiled
  return createSchema('json_schema', (value, config) => (accepts(value) ? accept(value) : run(compiled, value, config)))
}

function compileParts(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const file = fileClassOf(schema)
  if (file !== undefined) return compileFile(schema, file)
  const parts: v.GenericSchema[] = []
  if (hasConstants(schema)) parts.push(compileConstants(schema))
  if (hasTypedKeywords(schema) || (schema.type !== undefined && !hasConstants(schema))) {
    parts.push(compileTyped(schema, compiler))
  }
  if (schema.$ref !== undefined) parts.push(compileReference(schema.$ref, compiler))
  if (schema.anyOf !== undefined) parts.push(compileAlternatives(schema, schema.anyOf, compiler))
  if (schema.not !== undefined) parts.push(compileNot(schema.not, compiler))
  return compileAll(parts)
}

/** Every part must accept the value; the first that does not is the one reported. */
function compileAll(parts: readonly v.GenericSchema[]): v.GenericSchema {
  const [first, ...rest] = parts
  if (first === undefined) return v.unknown()
  if (rest.length === 0) return first
  return createSchema('intersect', (value, config) => {
    let result: Outcome = accept(value)
    for (const part of parts) {
      const outcome = run(part, value, config)
      if (outcome.issues !== undefined) return outcome
      result = result.value === value ? outcome : accept(mergeOutputs(result.value, outcome.value))
    }
    return result
  })
}

function compileReference(reference: string, compiler: Compiler): v.GenericSchema {
  return compiler.compile(targetOf(reference, compiler.definitions))
}

function compileAlternatives(
  schema: JSONSchema,
  alternatives: readonly JSONSchema[],
  compiler: Compiler,
): v.GenericSchema {
  const discriminator = schema.discriminator?.propertyName
  const variant = discriminator && compileDiscriminatedUnion(alternatives, discriminator, compiler)
  return variant || compileUnion(alternatives, compiler)
}

function compileNot(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const accepts = compiler.matches(schema)
  const values = schema.const === undefined ? schema.enum : [schema.const]
  const message =
    values === undefined
      ? 'must not match the excluded type'
      : `must not be ${values.map(value => JSON.stringify(value)).join(' or ')}`
  return createSchema('not', value => (accepts(value) ? refuse(message) : accept(value)))
}

/** The keywords that apply to the content of a value, each for its JSON type. */
function compileTyped(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const names = typeNames(schema)
  const [only] = names
  if (only !== undefined && names.length === 1) return compileType(only, schema, compiler)
  const schemas = new Map<JSONType | undefined, v.GenericSchema>()
  for (const type of JSON_TYPES) {
    const name = type === 'number' && !names.includes('number') ? 'integer' : type
    if (names.includes(name)) schemas.set(type, compileType(name, schema, compiler))
  }
  const message = typeMessage(names)
  return createSchema('union', (value, config) => {
    const chosen = schemas.get(jsonTypeOf(value))
    return chosen === undefined ? refuse(message) : run(chosen, value, config)
  })
}

function compileType(type: JSONTypeName, schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const message = typeMessage([type])
  switch (type) {
    case 'null':
      return v.null(message)
    case 'boolean':
      return v.boolean(message)
    case 'string':
      return compileString(schema, message)
    case 'number':
    case 'integer':
      return withConstraints(v.number(message), numberConstraints(schema, type === 'integer'))
    case 'array':
      return compileArrayType(schema, compiler)
    case 'object':
      return isTensor(schema) ? compileTensor(schema, compiler) : compileObject(schema, compiler)
  }
}

function compileArrayType(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const numbers = numberArrayType(schema)
  return numbers === undefined ? compileArray(schema, compiler) : compileNumberArray(schema, numbers, compiler)
}

function compileString(schema: JSONSchema, message: string): v.GenericSchema {
  const text = withConstraints(v.string(message), stringConstraints(schema))
  const decoded = decodedText(schema)
  if (decoded === undefined) return text
  const read = v.pipe(text, v.transform(DECODERS[decoded].decode))
  // What is no JSON brings the value itself.
  const { receive } = DECODERS[decoded]
  return createSchema('string', (value, config) => {
    const received = receive(value)
    return received === undefined ? run(read, value, config) : accept(received)
  })
}

function withConstraints<Value>(
  schema: v.GenericSchema<Value>,
  constraints: readonly Constraint<Value>[],
): v.GenericSchema<Value> {
  return constraints.reduce<v.GenericSchema<Value>>(
    (checked, { accepts, message }) => v.pipe(checked, v.check(accepts, message)),
    schema,
  )
}
