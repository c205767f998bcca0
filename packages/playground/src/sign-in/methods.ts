import type { OpenAPI, Operation, Schema } from '../document/openapi.ts'
import type { Challenge } from './challenges.ts'

/** One way to authenticate, as the page asks for it. */
export type Method =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'basic' }
  /** A key in a header of this name. */
  | { readonly kind: 'header'; readonly name: string }
  /** A token as a member of the payload. */
  | { readonly kind: 'member'; readonly name: string }
  /** A certificate, which the browser asks for itself. */
  | { readonly kind: 'certificate' }

/** What identifies a method, and its fields, on the page. */
export function methodKey(method: Method): string {
  return 'name' in method ? `${method.kind}:${method.name}` : method.kind
}

/** The methods that a refusal names. */
export function methodsOfChallenges(challenges: readonly Challenge[]): readonly Method[] {
  return unique(challenges.flatMap(toMethod))
}

function toMethod({ scheme, parameters }: Challenge): readonly Method[] {
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return [{ kind: 'bearer' }]
    case 'basic':
      return [{ kind: 'basic' }]
    case 'apikey':
      return [{ kind: 'header', name: parameters['header'] ?? 'X-API-Key' }]
    case 'bodytoken':
      return [{ kind: 'member', name: parameters['member'] ?? 'auth' }]
    case 'clientcertificate':
      return [{ kind: 'certificate' }]
    default:
      return []
  }
}

/** The methods that a document names for an operation, and how many of them are needed. */
export function methodsOf(operation: Operation, { components = {} }: OpenAPI): readonly Method[] {
  const names = (operation.security ?? []).flatMap(requirement => Object.keys(requirement))
  const named = names.flatMap((name): readonly Method[] => {
    const scheme = components.securitySchemes?.[name]
    if (scheme?.type === 'mutualTLS') return [{ kind: 'certificate' }]
    if (scheme?.type === 'apiKey') return [{ kind: 'header', name: scheme.name ?? 'X-API-Key' }]
    return scheme?.scheme?.toLowerCase() === 'basic' ? [{ kind: 'basic' }] : [{ kind: 'bearer' }]
  })
  return unique([...named, ...membersOf(operation)])
}

function membersOf(operation: Operation): readonly Method[] {
  const schema = operation.requestBody?.content['application/json']?.schema ?? {}
  return [schema, ...(schema.anyOf ?? [])]
    .flatMap(({ properties = {} }) => Object.entries(properties))
    .filter(([, member]) => isCredential(member))
    .map(([name]) => ({ kind: 'member', name }))
}

/** Whether a member of a payload holds a credential. */
export function isCredential(schema: Schema): boolean {
  return schema['x-incant-credential'] === true
}

function unique(methods: readonly Method[]): readonly Method[] {
  return [...new Map(methods.map(method => [methodKey(method), method])).values()]
}
