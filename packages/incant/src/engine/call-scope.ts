/** Runs the predictor's own code with the id of the request at hand that it works for; of a batch, the ids of all. */
export type CallScope = <Result>(requestId: string | readonly string[], work: () => Result) => Result
