import type { OpenAPI, Operation, Schema } from '../document/openapi.ts'
import type { Challenge } from './challenges.ts'

/** One way to authenticate. */
export type Method =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'basic' }
  /** A key in the header of this name. */
  | { readonly kind: 'header'; readonly name: string }
  /** A token in this member of the payload. */
  | { readonly kind: 'member'; readonly name: string }
  /** A certificate, which the browser itself asks for. */
  | { readonly kind: 'certificate' }

/** The identifier of a method and of its fields on the page. */
export function methodKey(method: Method): string {
  return 'name' in method ? `${method.kind}:${method.name}` : method.kind
}

/** The methods that a 401 names. */
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

/** The methods that the document names for an operation. */
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

/** Whether a member of a payload is a credential. */
export function isCredential(schema: Schema): boolean {
  return schema['x-incant-credential'] === true
}

function unique(methods: readonly Method[]): readonly Method[] {
  return [...new Map(methods.map(method => [methodKey(method), method])).values()]
}
