import { invalidAuth } from '../invalid-auth.ts'
import { addMark, REACHABLE, refuseLostMark } from './marks.ts'
import type { Requirement } from './requirement.ts'

type Class = abstract new (...parameters: never[]) => unknown
type Method = (...parameters: never[]) => unknown

const REQUIREMENT: unique symbol = Symbol.for('incant.auth.requirement')

/**
 * A decorator for a predictor class or its `predict`, with TC39 decorators as with `experimentalDecorators`. **All**
 * decorators on a class, on its predict and on every class it extends are required; {@link anyOf} says otherwise.
 */
export interface AuthDecorator {
  (predictor: Class, context?: ClassDecoratorContext): void
  (method: Method, context: ClassMethodDecoratorContext): void
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): void
  /** @internal */
  readonly [REQUIREMENT]: Requirement
}

/** The requirement of a decorator. */
export function requirementOf(decorator: AuthDecorator): Requirement {
  return decorator[REQUIREMENT]
}

/** Whether a value is one of our decorators, also one of another copy of the package. */
export function isAuthDecorator(value: unknown): value is AuthDecorator {
  return typeof value === 'function' && REQUIREMENT in value
}

/** Creates the decorator of a requirement. */
export function decorate(requirement: Requirement): AuthDecorator {
  const decorator = (target: object, context?: unknown, descriptor?: PropertyDescriptor): void => {
    if (descriptor !== undefined)
      markLegacyMethod({ holder: target, name: context, method: descriptor.value }, requirement)
    else if (hasKind(context, 'method')) markMethod(target, context, requirement)
    else if (context === undefined || hasKind(context, 'class')) addMark(target, requirement)
    else throw refuseUnreachable(nameOf(context), requirement)
  }
  // The function accepts the arguments of each overload, and distinguishes them.
  return Object.assign(decorator, { [REQUIREMENT]: requirement }) as AuthDecorator
}

function hasKind(context: unknown, kind: 'method'): context is ClassMethodDecoratorContext
function hasKind(context: unknown, kind: 'class'): context is ClassDecoratorContext
function hasKind(context: unknown, kind: string): boolean {
  return typeof context === 'object' && context !== null && 'kind' in context && context.kind === kind
}

/** The name of a field or an accessor, which `experimentalDecorators` passes directly. */
function nameOf(context: unknown): unknown {
  return typeof context === 'object' && context !== null && 'name' in context ? context.name : context
}

function markMethod(method: object, context: ClassMethodDecoratorContext, requirement: Requirement): void {
  if (!isReachable(context.name)) throw refuseUnreachable(context.name, requirement)
  addMark(method, requirement)
  // Runs with the instance, or with the class of a static method: then it is known which function was kept.
  context.addInitializer(function () {
    refuseLostMark(this, requirement)
  })
}

/** With `experimentalDecorators` the class is known, so the mark remains even if the function is replaced. */
interface LegacyMethod {
  /** The class of a static method, else its prototype. */
  readonly holder: object
  readonly name: unknown
  readonly method: unknown
}

function markLegacyMethod({ holder, name, method }: LegacyMethod, requirement: Requirement): void {
  if (!isReachable(name) || typeof method !== 'function') throw refuseUnreachable(name, requirement)
  addMark(method, requirement)
  addMark(typeof holder === 'function' ? holder : holder.constructor, requirement)
}

function isReachable(name: unknown): boolean {
  return typeof name === 'string' && REACHABLE.includes(name)
}

/** A mark on a member that no caller reaches would look like protection and be none. */
function refuseUnreachable(name: unknown, requirement: Requirement): Error {
  return invalidAuth(
    `${requirement.decorator} is on ${String(name)}, which is not a method that requests reach`,
    'Put it on predict or on the class.',
  )
}
