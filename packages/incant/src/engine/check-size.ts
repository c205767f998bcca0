/**
 * What `@batch`'s `size` gave.
 *
 * @throws {TypeError} Where that is no size.
 */
export function checkSize(size: number, of: 'an item' | 'a state'): number {
  if (size >= 0) return size
  throw new TypeError(`@batch: size gave ${size} for ${of}: it must give a number, 0 or more`)
}
