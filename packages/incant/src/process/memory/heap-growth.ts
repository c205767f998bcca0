import { getHeapStatistics, setFlagsFromString } from 'node:v8'

/** Bytes by which a small heap may grow while bodies arrive. V8 begins a full collection after 64 MiB of them in any case. */
const ROOM = 100_663_296

/** Percent past which no heap is told to grow: four times what lives, the most that V8 itself chooses. */
const MOST = 300

/** Milliseconds after which the heap is looked at again, and without a body is left to itself. */
const REVIEW = 1000

let usual = 0
let current = 0
let timer: ReturnType<typeof setInterval> | undefined
let isUsed = false

/**
 * Sets how far the heap may grow from one full collection to the next, while no large bodies arrive.
 *
 * @param percent - Of what lives after a collection. 0: V8 chooses.
 */
export function setHeapGrowth(percent: number): void {
  usual = percent
  if (timer === undefined) apply(percent)
}

/**
 * Lets the heap of this process grow while large bodies arrive. They lie outside of V8's heap and count to it: with a
 * heap of 9 MB, V8 marks all of it with every second body of 10 MB, which costs more than all else that is done with them. Given
 * room, it frees them with the young objects, at a fiftieth of that. A heap above 32 MB has the room already.
 */
export function makeRoomForBodies(): void {
  isUsed = true
  if (timer !== undefined) return
  grow()
  timer = setInterval(review, REVIEW).unref()
}

/** V8 goes by percent, so that a heap which has become large in the meantime would grow without need. */
function review(): void {
  if (isUsed) grow()
  else {
    clearInterval(timer)
    timer = undefined
    apply(usual)
  }
  isUsed = false
}

function grow(): void {
  const percent = Math.ceil((100 * ROOM) / getHeapStatistics().used_heap_size)
  apply(percent > MOST ? percent : usual)
}

function apply(percent: number): void {
  if (percent === current) return
  current = percent
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}
