/** A second of a run as people read it: `12:05`, `1:02:30`. */
export function momentText(second: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(second / 3600);
  const rest = `${two(Math.floor((second % 3600) / 60))}:${two(second % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** A number with as many digits as are worth reading. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}
