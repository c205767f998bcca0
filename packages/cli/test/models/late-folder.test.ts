import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { waitForFolder } from '../../src/models/late-folder.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('a folder that KServe links later is waited for', async () => {
  const folder = temporaryFolder()
  const [link, target] = [join(folder, 'models'), join(folder, 'image')]
  const states: string[] = []
  const waiting = waitForFolder(link, { MODEL_INIT_MODE: 'async' }).then(() => states.push('there'))
  symlinkSync(target, link)
  await sleep(0)
  states.push('link alone')
  mkdirSync(target)
  await waiting
  expect(states).toEqual(['link alone', 'there'])
})

test('nothing is waited for where nobody says so', async () => {
  const missing = join(temporaryFolder(), 'models')
  const states: string[] = []
  const waiting = waitForFolder(missing, {}).then(() => states.push('read'))
  await sleep(0)
  states.push('later')
  await waiting
  expect(states).toEqual(['read', 'later'])
})
