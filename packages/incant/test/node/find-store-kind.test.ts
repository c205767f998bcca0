import { expect, test } from 'vitest'
import { findStoreKind, type StoreKind } from '../../src/node/find-store-kind.ts'

test.each<[string, StoreKind | undefined]>([
  ['memory', { name: 'memory' }],
  ['postgres://ann:secret@127.0.0.1/jobs', { name: 'postgres' }],
  ['postgresql://127.0.0.1/jobs', { name: 'postgres' }],
  ['./jobs.db', { name: 'sqlite', path: './jobs.db' }],
  ['jobs.db', { name: 'sqlite', path: 'jobs.db' }],
  ['jobs.sqlite3', { name: 'sqlite', path: 'jobs.sqlite3' }],
  ['/var/lib/words/jobs', { name: 'sqlite', path: '/var/lib/words/jobs' }],
  ['C:\\words\\jobs.db', { name: 'sqlite', path: 'C:\\words\\jobs.db' }],
  ['sqlite:jobs', { name: 'sqlite', path: 'jobs' }],
  ['sqlite:/var/lib/jobs', { name: 'sqlite', path: '/var/lib/jobs' }],
  ['sqlite:///var/lib/jobs', { name: 'sqlite', path: '/var/lib/jobs' }],
  ['file:///var/lib/my%20jobs.db', { name: 'sqlite', path: '/var/lib/my jobs.db' }],
  ['memroy', undefined],
  ['jobs', undefined],
  ['sqlite:', undefined],
  ['sqlite://host/jobs.db', undefined],
  ['file://host/jobs.db', undefined],
  ['redis://127.0.0.1/', undefined],
  ['mysql://127.0.0.1/jobs.db', undefined],
])('%s', (place, kind) => {
  expect(findStoreKind(place)).toEqual(kind)
})
