import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { awaitAnswer } from '../../src/files/await-answer.ts'
import { UnansweredError, unansweredFiles } from '../../src/files/patient-reader.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'incant-answer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('files of every kind that answer are left to their reader', () => {
  const folder = makeFolder()
  const [file, pipe] = [join(folder, 'file'), join(folder, 'pipe')]
  writeFileSync(file, 'text')
  execFileSync('mkfifo', [pipe])
  awaitAnswer([file, pipe, folder, join(folder, 'missing'), '/dev/null'])
  expect(unansweredFiles().filter(path => path.startsWith(folder) || path === '/dev/null')).toEqual([])
})

test('one that does not answer in time is named', () => {
  // No time at all is what a file that hangs does not answer within.
  expect(() => awaitAnswer(['/proc/version'], 0)).toThrow(UnansweredError)
  expect(unansweredFiles()).toContain('/proc/version')
})
