// npm leaves out of the lock file what a registry does not have, as a mirror may not have binaries for other systems; then
// `npm ci` refuses the file, here as elsewhere. This adds what is missing, without a checksum, which nobody here can know.
//
//   node scripts/complete-lock.js [FOLDER]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const path = join(process.argv[2] ?? '.', 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))

for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (Object.keys(lock.packages).some(place => place.endsWith(`node_modules/${name}`))) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...readPlatform(name),
      ...(parent.dev && { dev: true }),
      optional: true,
    }
    console.log(`Added ${name}@${version}.`)
  }
}

const sorted = Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1))
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)

/** The system that a binary package is for, which is in its name: `rollup-linux-x64-musl`. */
function readPlatform(name) {
  const match =
    /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)(?:-(gnu|musl))?/.exec(name)
  if (match === null) throw new Error(`${name}: the name does not say which system it is for; add it by hand.`)
  const [, os, cpu, libc] = match
  const isLinux = os === 'linux' && libc !== undefined
  return { os: [os], cpu: [cpu], ...(isLinux && { libc: [libc === 'musl' ? 'musl' : 'glibc'] }) }
}
