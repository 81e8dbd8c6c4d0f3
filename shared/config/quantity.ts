/** The value of a Kubernetes quantity (`0.05`, `"50m"`, `"1k"`, `"2Gi"`), or null when it is none. */
export function parseQuantity(quantity: number | string): number | null {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : null;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d{1,3}|[numkMGTPE]|[KMGTPE]i)?$/.exec(quantity.trim());
  const [, digits, suffix = ''] = match ?? [];
  if (digits === undefined) return null;
  const exponent = /^[eE][+-]?\d/.test(suffix);
  // Divided, not multiplied: 50 / 1000 is 0.05 exactly, 50 * 0.001 need not be.
  const value = exponent
    ? Number(digits + suffix)
    : suffix in DIVISORS
      ? Number(digits) / (DIVISORS[suffix] ?? 1)
      : Number(digits) * (FACTORS[suffix] ?? 1);
  return Number.isFinite(value) ? value : null;
}

const DIVISORS: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3 };

const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
