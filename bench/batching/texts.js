const SUBJECTS = [
  'The old captain',
  'A small child',
  'Nobody here',
  'My neighbour',
  'The committee',
  'One of the whales',
]
const VERBS = ['never forgets', 'has finally understood', 'would rather sell', 'keeps looking for', 'is afraid of']
const OBJECTS = ['the harbour at night', 'a good explanation', 'what was promised last year', 'cheap coffee', 'silence']

/** A text of a usual length, each number another. */
export function textOf(number) {
  const choose = (list, step) => list[Math.floor(number / step) % list.length]
  return `${choose(SUBJECTS, 1)} ${choose(VERBS, 6)} ${choose(OBJECTS, 30)}.`
}
