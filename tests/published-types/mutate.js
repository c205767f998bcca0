// Changes JSON at random: a value for another, a member or an item more or less, a member under another's name.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A body with one to three changes. */
export function mutate(body, next) {
  const root = { body }
  for (let changes = 1 + Math.floor(next() * 3); changes > 0; changes -= 1) change(root, next)
  return root.body
}

function change(root, next) {
  const [holder, key] = pick(places(root), next)
  const how = Math.floor(next() * 4)
  if (how === 0 && holder !== root) remove(holder, key)
  else if (how === 1 && isContainer(holder[key])) add(holder[key], next)
  else if (how === 2) holder[key] = pick(values(root), next)
  else holder[key] = structuredClone(pick(VALUES, next))
}

const VALUES = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  1e9,
  '',
  'a',
  'text',
  'user',
  'function',
  [],
  ['a'],
  [1],
  {},
  { type: 'text' },
  { a: 1 },
]

function places(root) {
  const found = []
  const visit = holder => {
    for (const key of Object.keys(holder)) {
      found.push([holder, key])
      if (isContainer(holder[key])) visit(holder[key])
    }
  }
  visit(root)
  return found
}

function values(root) {
  return places(root).map(([holder, key]) => structuredClone(holder[key]))
}

function remove(holder, key) {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function add(container, next) {
  const value = structuredClone(pick(VALUES, next))
  if (Array.isArray(container)) container.push(value)
  else container[pick(['type', 'name', 'content', 'id', 'more', 'text', 'role'], next)] = value
}

function isContainer(value) {
  return typeof value === 'object' && value !== null
}

function pick(list, next) {
  return list[Math.floor(next() * list.length)]
}
