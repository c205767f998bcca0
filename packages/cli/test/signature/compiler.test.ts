import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Compiler } from '../../src/signature/compiler/compiler.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const compiler = new Compiler(tmpdir())
afterAll(() => compiler.end())

/** The source files that a file's program has, those of packages left out. */
function filesOf(file: string): string[] {
  return compiler.open(file, ({ program }) =>
    program
      .getSourceFileNames()
      .filter(name => name.startsWith(join(file, '..')) && !name.includes('virtual'))
      .map(name => name.split('/').at(-1) ?? ''),
  )
}

test('one process reads files of one folder and of others in turn, each with its own imports', () => {
  const sources = { 'a.ts': "import './c.ts'\nexport {}", 'b.ts': 'export {}', 'c.ts': 'export {}' }
  const [one, other] = [temporaryFolder(sources), temporaryFolder(sources)]
  const order = ['a.ts', 'b.ts', 'a.ts'].flatMap(name => [join(one, name), join(other, name), join(other, name)])
  const expected: Record<string, string[]> = { 'a.ts': ['c.ts', 'a.ts'], 'b.ts': ['b.ts'] }
  for (const file of order) expect(filesOf(file)).toEqual(expected[file.split('/').at(-1) ?? ''])
})
