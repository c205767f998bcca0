import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readElf } from '../../src/bundle/elf.ts'
import { checkCompiled, checkNativeModules } from '../../src/bundle/native-modules.ts'
import { readPlatform } from '../../src/bundle/platform.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const LINUX = process.platform === 'linux'

/** A library of 64 bits with one segment of libraries, as a linker writes it. */
function library(machine: number, needed: readonly string[]): Buffer {
  const names = Buffer.from(`\0${needed.map(name => `${name}\0`).join('')}`)
  const head = Buffer.alloc(64)
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  head.writeUInt16LE(machine, 18)
  head.writeBigUInt64LE(64n, 32)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(2, 56)
  const start = 64 + 2 * 56
  const entries = [...needed.map(name => [1, names.indexOf(`\0${name}\0`) + 1]), [5, start], [0, 0]]
  const dynamic = Buffer.alloc(entries.length * 16)
  for (const [index, [tag = 0, value = 0]] of entries.entries()) {
    dynamic.writeBigUInt64LE(BigInt(tag), index * 16)
    dynamic.writeBigUInt64LE(BigInt(value), index * 16 + 8)
  }
  const segment = (type: number, offset: number, size: number): Buffer => {
    const bytes = Buffer.alloc(56)
    bytes.writeUInt32LE(type, 0)
    bytes.writeBigUInt64LE(BigInt(offset), 8)
    bytes.writeBigUInt64LE(BigInt(offset), 16)
    bytes.writeBigUInt64LE(BigInt(size), 32)
    return bytes
  }
  const all = start + names.length + dynamic.length
  return Buffer.concat([head, segment(1, 0, all), segment(2, start + names.length, dynamic.length), names, dynamic])
}

const X64 = 62
const ARM64 = 183

describe('the head of a library', () => {
  test('names its processor and the libraries it loads', () => {
    expect(readElf(library(X64, ['libstdc++.so.6', 'libc.so.6']))).toEqual({
      arch: 'x64',
      libraries: ['libstdc++.so.6', 'libc.so.6'],
    })
    expect(readElf(library(ARM64, ['libc.musl-aarch64.so.1']))).toEqual({
      arch: 'arm64',
      libraries: ['libc.musl-aarch64.so.1'],
    })
  })

  test.runIf(LINUX)('of Node itself names what runs it', () => {
    const head = readElf(readFileSync(process.execPath))
    expect(head?.arch).toBe(process.arch)
    expect(head?.libraries.some(name => /^libc\.(so\.6|musl)/.test(name))).toBe(true)
  })

  test('is undefined of what is no library, and has no libraries where it is cut short', () => {
    expect(readElf(Buffer.from('#!/bin/sh\necho no library, and longer than the head of one would be'))).toBeUndefined()
    expect(readElf(library(X64, ['libc.so.6']).subarray(0, 150))?.libraries).toEqual([])
  })
})

describe('native modules', () => {
  const check = (files: Record<string, Buffer>, platform: string, base: string) => {
    const root = temporaryFolder()
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes)
    return () => checkNativeModules(root, Object.keys(files), readPlatform(platform, base))
  }

  test('that run on the system are accepted, and so are those of others beside them', () => {
    const files = { 'ort.linux-x64.node': library(X64, ['libc.so.6']), 'ort.darwin-arm64.node': Buffer.from('Mach-O') }
    expect(check(files, 'linux/amd64', 'node:22-slim')).not.toThrow()
  })

  test('that need another C library, or another processor, are refused by name', () => {
    const files = { 'a.node': library(X64, ['libc.so.6']), 'libb.so.1': library(ARM64, ['libc.musl-aarch64.so.1']) }
    expect(check(files, 'linux/x64', 'node:22-alpine')).toThrow(
      'native modules do not run on linux/x64 with musl:\n  a.node needs glibc\n  libb.so.1 is for arm64',
    )
  })

  test.runIf(LINUX)('are judged by their heads, not by their names', () => {
    const root = temporaryFolder()
    copyFileSync(process.execPath, join(root, 'node.node'))
    const other = process.arch === 'x64' ? 'arm64' : 'x64'
    expect(() => checkNativeModules(root, ['node.node'], readPlatform(`linux/${other}`, ''))).toThrow(
      `node.node is for ${process.arch}`,
    )
  })
})

test('a system is named as images are', () => {
  expect(readPlatform('linux/amd64', 'debian')).toEqual({ os: 'linux', arch: 'x64', libc: 'glibc' })
  expect(readPlatform('linux/arm64', 'node:22-alpine')).toEqual({ os: 'linux', arch: 'arm64', libc: 'musl' })
  expect(readPlatform('darwin/arm64', '')).toEqual({ os: 'darwin', arch: 'arm64' })
  expect(() => readPlatform('linux', '')).toThrow('--platform linux is no system')
})

test('a package that would have to be compiled for another system is refused by name, and one with binaries for it is not', () => {
  const root = temporaryFolder({
    'node_modules/compiled/binding.gyp': '',
    'node_modules/other/binding.gyp': '',
    'node_modules/other/prebuilds/darwin-arm64/a.node': '',
    'node_modules/prebuilt/binding.gyp': '',
    'node_modules/prebuilt/prebuilds/linux-arm64/a.node': '',
    'node_modules/plain/index.js': '',
  })
  const places = ['compiled', 'other', 'prebuilt', 'plain'].map(name => `node_modules/${name}`)
  expect(() => checkCompiled(root, places, { os: 'linux', arch: 'arm64', libc: 'glibc' })).toThrow(
    /cannot be installed for linux\/arm64 with glibc here:\n {2}node_modules\/compiled\n {2}node_modules\/other(?!\n {2}node_modules)/,
  )
  expect(() => checkCompiled(root, places.slice(2), { os: 'linux', arch: 'arm64' })).not.toThrow()
})
