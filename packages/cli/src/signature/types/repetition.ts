import { type Definitions, type JSONSchema, mapSubschemas } from 'incant/internal/signature'
import { claimName } from './definitions.ts'

/** From this many characters on, a signature is large. */
export const LARGE = 1_000_000

/** From this many characters on, a repeated part of a large signature is a definition. */
const WORTH_SHARING = 100

/** The schemas of a signature. */
export interface Schemas {
  readonly definitions: Definitions
  /** The schemas outside the definitions: those of parameters and results. */
  readonly roots: readonly JSONSchema[]
  /** A name for each of those. */
  readonly names: readonly string[]
}

/**
 * Writes a large signature smaller: what it repeats becomes a definition, most of all the members that types inherit. The
 * time is in proportion to what is different, not to what it all comes to as text.
 */
export function shareRepeated({ definitions, roots, names }: Schemas): Omit<Schemas, 'names'> {
  const parts = new Parts()
  const named = Object.entries(definitions).map(([name, schema]) => ({ name, part: parts.of(schema, name) }))
  const unnamed = roots.map((schema, index) => parts.of(schema, names[index] ?? 'Type'))
  for (const part of unnamed) part.uses += 1
  const length = [...named.map(({ part }) => part), ...unnamed].reduce((sum, part) => sum + part.length, 0)
  if (length < LARGE) return { definitions, roots }
  const writer = new Writer(parts, Object.keys(definitions))
  const written = named.map(({ name, part }) => [name, writer.write(part)] as const)
  const writtenRoots = unnamed.map(part => writer.refer(part))
  return { definitions: Object.fromEntries([...written, ...writer.added]), roots: writtenRoots }
}

/** A schema inside others, the same for all that read the same. */
interface Part {
  readonly number: number
  readonly schema: JSONSchema
  /** Characters of its JSON text, with all that is inside. */
  readonly length: number
  /** Where it was found first, which is its name as a definition. */
  readonly hint: string
  uses: number
}

/** The parts of a signature, each once. */
class Parts {
  readonly #bySchema = new Map<JSONSchema, Part>()
  readonly #byText = new Map<string, Part>()

  of(schema: JSONSchema, hint: string): Part {
    const part = this.#bySchema.get(schema) ?? this.#find(schema, hint)
    this.#bySchema.set(schema, part)
    return part
  }

  /** Two schemas read the same where their texts do, with the numbers of the parts inside. */
  #find(schema: JSONSchema, hint: string): Part {
    const inside: Part[] = []
    const text = JSON.stringify(
      mapSubschemas(schema, (inner, member) => {
        const part = this.of(inner, member === undefined ? hint : `${hint}.${member}`)
        inside.push(part)
        return { $ref: `${part.number}` }
      }),
    )
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    for (const part of inside) part.uses += 1
    const length = inside.reduce((sum, part) => sum + part.length, text.length)
    const part = { number: this.#byText.size, schema, length, hint, uses: 0 }
    this.#byText.set(text, part)
    return part
  }
}

/** Writes parts, those that are repeated as definitions. */
class Writer {
  readonly added: [name: string, schema: JSONSchema][] = []
  readonly #parts: Parts
  readonly #taken: Map<string, string>
  readonly #written = new Map<Part, JSONSchema>()
  readonly #inner = new Map<Part, JSONSchema>()

  constructor(parts: Parts, taken: readonly string[]) {
    this.#parts = parts
    this.#taken = new Map(taken.map(name => [name, name]))
  }

  /** A part itself. */
  write(part: Part): JSONSchema {
    const written =
      this.#written.get(part) ?? mapSubschemas(part.schema, inner => this.refer(this.#parts.of(inner, part.hint)))
    this.#written.set(part, written)
    return written
  }

  /** A part as another one has it: itself, or a reference to it. */
  refer(part: Part): JSONSchema {
    const inner = this.#inner.get(part) ?? this.#share(part)
    this.#inner.set(part, inner)
    return inner
  }

  #share(part: Part): JSONSchema {
    const schema = this.write(part)
    // The default of a member counts where the member is.
    const isWorthwhile = part.uses > 1 && schema.default === undefined && JSON.stringify(schema).length > WORTH_SHARING
    if (!isWorthwhile) return schema
    const name = claimName(part.hint, `part ${part.number}`, this.#taken)
    this.added.push([name, schema])
    return { $ref: `#/$defs/${name}` }
  }
}
