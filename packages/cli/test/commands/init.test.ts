import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { runInitCommand } from '../../src/commands/init.ts'
import { KINDS } from '../../src/scaffold/kinds.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const FILES = ['.gitignore', 'README.md', 'package.json', 'predictor.test.ts', 'predictor.ts', 'tsconfig.json']

async function init(...words: readonly string[]): Promise<void> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await runInitCommand(words)).toBe(0)
  } finally {
    write.mockRestore()
  }
}

test.each(Object.keys(KINDS))('a project of the kind %s has the same files', async kind => {
  const folder = join(temporaryFolder(), 'My Words')
  await init(folder, '--kind', kind)
  expect(readdirSync(folder).sort()).toEqual(FILES)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  expect(manifest).toMatchObject({ name: 'my-words', private: true, dependencies: { incant: expect.anything() } })
  // The SDK and the command are of one version, and every other package is asked for by a range.
  expect(manifest.devDependencies['@incant/cli']).toBe(manifest.dependencies.incant)
  expect(
    Object.values(manifest.devDependencies).filter(wanted => !/^[~^]?\d+\.\d+\.\d+$/.test(String(wanted))),
  ).toEqual([])
})

test('a file that exists is not replaced, not even one beside others, and nothing is written', async () => {
  const folder = temporaryFolder({ 'README.md': 'mine', 'notes.txt': '' })
  await expect(init(folder)).rejects.toMatchObject({
    code: 'file_exists',
    message: expect.stringContaining('README.md'),
  })
  expect(readdirSync(folder).sort()).toEqual(['README.md', 'notes.txt'])
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
})

test('a link that leads nowhere is not followed', async () => {
  const folder = temporaryFolder()
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'predictor.ts'))
  await expect(init(folder)).rejects.toMatchObject({ code: 'file_exists' })
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false)
})

test('other files may be there already', async () => {
  const folder = temporaryFolder({ 'notes.txt': '' })
  await init(folder)
  expect(readdirSync(folder).sort()).toEqual([...FILES, 'notes.txt'].sort())
})

test('a folder below a file is refused, and so are an unknown kind and two folders', async () => {
  const folder = temporaryFolder({ file: '' })
  await expect(init(join(folder, 'file/words'))).rejects.toMatchObject({ code: 'permission_denied' })
  await expect(init(folder, '--kind', 'strem')).rejects.toMatchObject({ code: 'invalid_option' })
  await expect(init(folder, folder)).rejects.toMatchObject({ code: 'invalid_option' })
  expect(readdirSync(folder)).toEqual(['file'])
})

test('where no terminal can ask, the project is plain', { tags: ['slow'] }, async () => {
  const cwd = temporaryFolder()
  const { code, stdout } = await runIncant(['init', 'words'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toContain('cd words && npm install && npm test && npm start')
  expect(readFileSync(join(cwd, 'words/predictor.ts'), 'utf8')).toContain('predict({ text }: Review)')
})
