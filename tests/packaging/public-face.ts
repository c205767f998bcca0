import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A name at the top level of a module of declarations. */
export interface Declaration {
  readonly file: string
  readonly name: string
  /** Its text, with its JSDoc. Several for overloads. */
  readonly text: string
  /** Whether it is there at run time. */
  readonly isValue: boolean
}

interface Module {
  readonly declared: ReadonlyMap<string, Declaration>
  /** Names that come from other modules of ours: those that are only used, and those that are exported. */
  readonly imported: ReadonlyMap<string, Source>
  readonly exported: ReadonlyMap<string, Source>
}

/** Where a name comes from. */
interface Source {
  readonly file: string
  readonly name: string
  readonly isType: boolean
}

const STATEMENT =
  /^(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?(?:export )?(?:declare )?(?:abstract )?(interface|type|class|function|const) (\w+)[\s\S]*?(?=\n(?:\/\*\*|export|declare|interface|type|class|abstract|import|function|const)|\n*$(?![\s\S]))/gm
const NAMES = /^(import|export) (type )?\{([^}]*)\} from '(\.[^']*)';/gm

const modules = new Map<string, Module>()

/** Reads what the compiler wrote of a module. */
function readModule(file: string): Module {
  const known = modules.get(file)
  if (known !== undefined) return known
  const text = readFileSync(file, 'utf8')
  const declared = new Map<string, Declaration>()
  for (const [statement, kind = '', name = ''] of text.matchAll(STATEMENT)) {
    const before = declared.get(name)?.text ?? ''
    declared.set(name, { file, name, text: before + statement, isValue: kind !== 'interface' && kind !== 'type' })
  }
  const names = { import: new Map<string, Source>(), export: new Map<string, Source>() }
  for (const [, how, type, list = '', path = ''] of text.matchAll(NAMES)) {
    const source = join(dirname(file), path.replace(/\.ts$/, '.d.ts'))
    for (const part of list.split(',')) {
      const [name = '', alias = name] = part
        .trim()
        .replace(/^type /, '')
        .split(' as ')
      const isType = type !== undefined || part.trim().startsWith('type ')
      if (name !== '') names[how === 'import' ? 'import' : 'export'].set(alias, { file: source, name, isType })
    }
  }
  const module = { declared, imported: names.import, exported: names.export }
  modules.set(file, module)
  return module
}

/** The declaration that a name of a module means, followed through other modules of ours. */
function resolve({ file, name }: Omit<Source, 'isType'>): Declaration | undefined {
  const { declared, imported, exported } = readModule(file)
  const next = exported.get(name) ?? imported.get(name)
  return declared.get(name) ?? (next && resolve(next))
}

/** What an entry exports of ours, and not of a package. */
export function exportsOf(entry: string): readonly Declaration[] {
  return [...readModule(entry).exported.values()].flatMap(source => {
    const found = resolve(source)
    return found === undefined ? [] : { ...found, isValue: found.isValue && !source.isType }
  })
}

/** The types of ours that a declaration names. Of a value that it takes the type of, the type is there without it. */
export function namedIn({ file, name, text }: Declaration): readonly Declaration[] {
  const { declared, imported } = readModule(file)
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/'[^'\n]*'|`[^`]*`/g, "''")
  const words = new Set(code.match(/(?<![.\w])[A-Za-z_]\w*(?!\??:)/g))
  const own = [...words].filter(word => word !== name && (declared.has(word) || imported.has(word)))
  return own
    .flatMap(word => resolve({ file, name: word }) ?? [])
    .filter(({ isValue, text }) => !isValue || /^(?:export )?(?:declare )?(?:abstract )?class /m.test(text))
}
