import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LostLockError, withLock } from '../../../../src/auth/tokens/file/lock.ts'
import { nameOwner } from '../../../../src/auth/tokens/file/lock-owner.ts'
import { changeFile } from '../../../../src/auth/tokens/file/replace.ts'
import { turns } from '../../../app/_serving.ts'
import { refusal, temporaryFolder } from '../_files.ts'

const newTarget = () => join(temporaryFolder(), 'a.json')

describe('the lock of a file', () => {
  it('lets one in at a time, and goes with the last', async () => {
    const target = newTarget()
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await turns()
      inside -= 1
    }
    await Promise.all(Array.from({ length: 20 }, () => withLock(target, work)))
    expect(most).toBe(1)
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('goes also when the work fails', async () => {
    const target = newTarget()
    await expect(withLock(target, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('is taken over from a process that died, by one of all who wait', async () => {
    const target = newTarget()
    writeFileSync(`${target}.lock`, '1 dead\n')
    let inside = 0
    const work = async () => {
      inside += 1
      expect(inside).toBe(1)
      await turns()
      inside -= 1
    }
    await Promise.all(Array.from({ length: 10 }, () => withLock(target, work, { staleAfter: 200 })))
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('is taken at once from a process that is known to be dead', async () => {
    const target = newTarget()
    const { pid } = spawnSync(process.execPath, ['--version'])
    const left = nameOwner().replace(/^\d+/, String(pid))
    writeFileSync(`${target}.lock`, left)
    writeFileSync(`${target}.lock.stale`, left)
    const options = { patience: 4000, staleAfter: 60_000 }
    expect(await withLock(target, async () => 'done', options)).toBe('done')
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('is not taken from a process that lives, nor from one that cannot be known from here', async () => {
    const target = newTarget()
    for (const owner of [
      nameOwner(),
      nameOwner()
        .replace(/^\d+/, '999999999')
        .replace(/\S+\n$/, 'elsewhere\n'),
    ]) {
      writeFileSync(`${target}.lock`, owner)
      await expect(withLock(target, async () => 'done', { patience: 100 })).rejects.toThrow('other processes have ')
    }
  })

  it('is taken over also when the process died while it took one over', async () => {
    const target = newTarget()
    writeFileSync(`${target}.lock`, '1 dead\n')
    writeFileSync(`${target}.lock.stale`, '1 dead\n')
    expect(await withLock(target, async () => 'done', { staleAfter: 100 })).toBe('done')
    expect(readdirSync(join(target, '..'))).toEqual([])
  })

  it('is not waited for without end', async () => {
    const target = newTarget()
    writeFileSync(`${target}.lock`, '1 busy\n')
    expect(await refusal(withLock(target, async () => 'done', { patience: 100 }))).toEqual({
      code: 'permission_denied',
      message: `other processes have ${target}.lock locked\n  Try again; the lock is released when they are done.`,
    })
    expect(readFileSync(`${target}.lock`, 'utf8')).toBe('1 busy\n')
  })

  it('that was taken over keeps its former holder from changing anything', async () => {
    const target = newTarget()
    const work = withLock(target, async lock => {
      writeFileSync(`${target}.lock`, 'another\n')
      await lock.confirm()
    })
    await expect(work).rejects.toBeInstanceOf(LostLockError)
    expect(readFileSync(`${target}.lock`, 'utf8')).toBe('another\n')
  })
})

describe('a change of a file', () => {
  it('removes what killed processes left beside it, and nothing else', async () => {
    const target = newTarget()
    for (const name of ['.0123456789.tmp', '.abcdefghij.tmp', '.mine.tmp', '.last-use'])
      writeFileSync(`${target}${name}`, '')
    await changeFile(target, () => ({ text: 'new', result: undefined }))
    expect(readdirSync(join(target, '..')).sort()).toEqual(['a.json', 'a.json.last-use', 'a.json.mine.tmp'])
  })

  it('is made again on what is there then, where the lock was lost on the way', async () => {
    const target = newTarget()
    writeFileSync(target, 'a')
    const seen: (string | undefined)[] = []
    const result = await changeFile(target, text => {
      seen.push(text)
      if (seen.length === 1) {
        writeFileSync(`${target}.lock`, 'another\n')
        writeFileSync(target, 'b')
        setTimeout(() => rmSync(`${target}.lock`), 50)
      }
      return { text: `${text}c`, result: seen.length }
    })
    expect([result, seen, readFileSync(target, 'utf8')]).toEqual([2, ['a', 'b'], 'bc'])
    expect(readdirSync(join(target, '..'))).toEqual(['a.json'])
  })
})
