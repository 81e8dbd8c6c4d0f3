/** Numbers as a person writes them: at most two decimals, below one three significant digits, no trailing zeros. */
export const plainNumber = (value: number): string =>
  String(Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 100) / 100);
