import type { JSONSchema, JSONTypeName } from '../schema/json-schema.ts'
import type { Acceptance, Compiler } from './compiler.ts'
import { acceptsAll } from './constraint.ts'
import { acceptsConstants } from './enumeration.ts'
import { definitionOf, typeNames } from './json-types.ts'
import { hasConstants, hasTypedKeywords } from './keywords.ts'
import { areWithin, isWithin, numberBounds } from './number.ts'
import { stringConstraints } from './string.ts'

/**
 * The quick test of a schema whose accepted values go to predict as they came: scalars that are not decoded, and
 * arrays of such, at any depth. `undefined` for every other schema.
 *
 * It says yes or no; the valibot schema of the same JSON Schema finds the words. It is what makes an array of 150,528
 * numbers one loop.
 */
export function compileAcceptance(schema: JSONSchema, compiler: Compiler): Acceptance | undefined {
  if (schema.not !== undefined || schema['x-incant-type'] !== undefined) return undefined
  const isTyped = hasTypedKeywords(schema) || (schema.type !== undefined && !hasConstants(schema))
  const parts = [isTyped, hasConstants(schema), schema.$ref !== undefined, schema.anyOf !== undefined]
  if (parts.filter(Boolean).length !== 1) return undefined
  if (hasConstants(schema)) return acceptsConstants(schema)
  if (schema.$ref !== undefined) return referenceAcceptance(schema.$ref, compiler)
  if (schema.anyOf !== undefined) return unionAcceptance(schema.anyOf, compiler)
  return typedAcceptance(schema, compiler)
}

function referenceAcceptance(reference: string, compiler: Compiler): Acceptance | undefined {
  const target = definitionOf(reference, compiler.definitions)
  return target === undefined ? undefined : compiler.acceptance(target)
}

function unionAcceptance(alternatives: readonly JSONSchema[], compiler: Compiler): Acceptance | undefined {
  const tests = alternatives.map(alternative => compiler.acceptance(alternative))
  return every(tests) ? eitherOf(tests) : undefined
}

function typedAcceptance(schema: JSONSchema, compiler: Compiler): Acceptance | undefined {
  if (schema.type === undefined) return undefined
  const tests = typeNames(schema).map(type => acceptanceOfType(type, schema, compiler))
  return every(tests) ? eitherOf(tests) : undefined
}

function acceptanceOfType(type: JSONTypeName, schema: JSONSchema, compiler: Compiler): Acceptance | undefined {
  switch (type) {
    case 'null':
      return value => value === null
    case 'boolean':
      return value => typeof value === 'boolean'
    case 'string':
      return stringAcceptance(schema)
    case 'number':
    case 'integer':
      return numberAcceptance(schema, type === 'integer')
    case 'array':
      return arrayAcceptance(schema, compiler)
    case 'object':
      return undefined
  }
}

function stringAcceptance(schema: JSONSchema): Acceptance {
  const constraints = stringConstraints(schema)
  if (constraints.length === 0) return value => typeof value === 'string'
  const accepts = acceptsAll(constraints)
  return value => typeof value === 'string' && accepts(value)
}

function numberAcceptance(schema: JSONSchema, integer: boolean): Acceptance {
  const bounds = numberBounds(schema, integer)
  return value => isWithin(value, bounds)
}

function arrayAcceptance(schema: JSONSchema, compiler: Compiler): Acceptance | undefined {
  if (schema.prefixItems !== undefined || schema.uniqueItems === true || !schema.items) return undefined
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema
  const acceptsItem = compiler.acceptance(items)
  if (acceptsItem === undefined) return undefined
  const acceptsItems = numbersAcceptance(items) ?? loopOf(acceptsItem)
  return value => Array.isArray(value) && value.length >= minItems && value.length <= maxItems && acceptsItems(value)
}

/** Items that are numbers and nothing else have a loop of their own. */
function numbersAcceptance(items: JSONSchema): ((values: readonly unknown[]) => boolean) | undefined {
  if (hasConstants(items) || (items.type !== 'number' && items.type !== 'integer')) return undefined
  const bounds = numberBounds(items, items.type === 'integer')
  return values => areWithin(values, bounds)
}

/** A function for each schema, so that the compiler of the engine can fit the loop to its one test. */
function loopOf(accepts: Acceptance): (items: readonly unknown[]) => boolean {
  return items => {
    for (let index = 0; index < items.length; index++) {
      if (!accepts(items[index])) return false
    }
    return true
  }
}

function eitherOf(tests: readonly Acceptance[]): Acceptance {
  const [first, second, ...rest] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  if (rest.length === 0) return value => first(value) || second(value)
  return value => tests.some(test => test(value))
}

function every(tests: readonly (Acceptance | undefined)[]): tests is readonly Acceptance[] {
  return tests.every(test => test !== undefined)
}
