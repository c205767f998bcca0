// What every client sees of the tools.

export const SUMS = {
  names: ['add'],
  added: { result: 3 },
  text: '{"result":3}',
  wrong: [true, 'The arguments do not fit:\n#/a must be at least 0'],
  failed: [true, 'The tool failed. Its log has the reason under the request id …'],
  unknown: -32602,
}
export const WORDS = {
  names: ['test_tool_with_progress'],
  messages: [
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ],
  text: 'onetwothree',
}
