import { invalidAuth } from '../invalid-auth.ts'
import type { Requirement } from './requirement.ts'

/*
 * What decorators leave behind, and where.
 *
 * A decorator puts its requirement under `Symbol.for('incant.auth')`, so that it survives two copies of this package:
 *
 * - on a class: on the class itself. Subclasses inherit it, since every class of the chain is read.
 * - on predict: on the function. A TC39 method decorator knows no class, and `context.metadata` is not there in what
 *   tsc emits for Node 20. A subclass that overrides predict has another function, so every predict along the
 *   prototype chain is read, those that are overridden, too; static ones like those of instances.
 *
 * All that is found is required. Nothing can take a requirement away: a class is at least as protected as its parent.
 */
const MARKS: unique symbol = Symbol.for('incant.auth')

/** The methods that a caller can reach; `begin` is that of a `SequencePredictor`. */
export const REACHABLE: readonly string[] = ['predict', 'predictBatch', 'begin']

type Marked = { [MARKS]?: readonly Requirement[] }

/** Adds a requirement to a class or a function. */
export function addMark(target: object, requirement: Requirement): void {
  const own = Object.hasOwn(target, MARKS) ? ownMarks(target) : []
  // Decorators apply from the last to the first; the data keeps the order of the source.
  Object.defineProperty(target, MARKS, { value: [requirement, ...own], configurable: true })
}

function ownMarks(target: object): readonly Requirement[] {
  return Object.hasOwn(target, MARKS) ? ((target as Marked)[MARKS] ?? []) : []
}

/** Every requirement of a class, once: those of its ancestors first, those of a class before those of its predict. */
export function readMarks(predictor: object): readonly Requirement[] {
  return [...new Set(chainOf(predictor).reverse().flatMap(marksOfClass))]
}

function marksOfClass(holder: object): readonly Requirement[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(holder, 'prototype')?.value
  const methods = REACHABLE.flatMap(name => [ownFunction(holder, name), ownFunction(prototype, name)])
  return [...ownMarks(holder), ...methods.flatMap(method => (method === undefined ? [] : ownMarks(method)))]
}

/** A method's function, without running anything: an accessor is not one. */
function ownFunction(holder: unknown, name: string): object | undefined {
  if (typeof holder !== 'object' && typeof holder !== 'function') return undefined
  const value: unknown = holder === null ? undefined : Object.getOwnPropertyDescriptor(holder, name)?.value
  return typeof value === 'function' ? value : undefined
}

function chainOf(predictor: object): object[] {
  const chain: object[] = []
  for (let holder: object | null = predictor; holder !== null; holder = Object.getPrototypeOf(holder)) {
    chain.push(holder)
  }
  return chain
}

/**
 * Refuses a class that has lost a decorated predict: another decorator, above ours, replaced the function, and the
 * requirement of ours protects nothing any more.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function refuseLostMark(holder: unknown, requirement: Requirement): void {
  const predictor = typeof holder === 'function' ? holder : Object(holder).constructor
  if (readMarks(predictor).includes(requirement)) return
  throw invalidAuth(
    `${requirement.decorator} on predict of ${predictor.name} protects nothing: a decorator above it replaced the method`,
    `Write ${requirement.decorator} above that decorator, or on the class.`,
  )
}
