const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
}

/** `500m` → 0.5, `2Gi` → 2147483648. Undefined where it is no quantity of Kubernetes. */
export function parseQuantity(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? []
  const factor = FACTORS[unit]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}
