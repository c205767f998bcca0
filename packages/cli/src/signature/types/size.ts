import type { PredictSignature } from 'incant/internal/signature'
import type { SignatureWarning } from '../compiler/warning.ts'
import type { Resolved } from './definitions.ts'
import { LARGE } from './repetition.ts'

/** How many types a warning names. */
const NAMED = 3

/** The size of the definitions of one type. */
interface Share {
  count: number
  length: number
}

/** One warning for a signature that is large all the same: each process loads it, and openapi.json has it. */
export function largeSignature(
  signature: PredictSignature,
  { types }: Resolved,
  location: SignatureWarning['location'],
): readonly SignatureWarning[] {
  const { length } = JSON.stringify(signature)
  if (length < LARGE) return []
  const shares = [...sharesOf(signature, types)].sort(([, one], [, other]) => other.length - one.length)
  const largest = shares.slice(0, NAMED).map(([name, share]) => describe(name, share))
  const message = `${signature.className}: the types come to ${megabytes(length)} of JSON Schema, which every process loads and openapi.json has, too. The most is in ${largest.join(', ')}. Write a narrower type: fewer alternatives of a union, Pick<Type, 'member'>, or unknown for a member that predict only passes on.`
  return [{ message, location }]
}

function sharesOf(signature: PredictSignature, types: Resolved['types']): ReadonlyMap<string, Share> {
  const { definitions, parameters, returns } = signature
  const shares = new Map<string, Share>()
  for (const parameter of parameters) shares.set(parameter.name, { count: 1, length: JSON.stringify(parameter).length })
  shares.set('what predict returns', { count: 1, length: JSON.stringify(returns).length })
  for (const [name, schema] of Object.entries(definitions)) {
    // A member that is a definition has the name of the type where it was found: `Person.name`.
    const type = types.get(name) ?? types.get(name.split('.', 1).join()) ?? name
    const share = shares.get(type) ?? { count: 0, length: 0 }
    share.length += JSON.stringify(schema).length
    if (types.has(name)) share.count += 1
    shares.set(type, share)
  }
  return shares
}

function describe(name: string, { count, length }: Share): string {
  return count > 1 ? `${name} (${megabytes(length)} in ${count} forms)` : `${name} (${megabytes(length)})`
}

function megabytes(length: number): string {
  return `${(length / 1_000_000).toFixed(1)} MB`
}
