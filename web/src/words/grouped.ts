/** Groups the digits of a decimal string by threes; other texts stay as they are. */
export function grouped(value: string, sign: string): string {
  const parts = /^(-?)(\d+)(\.\d+)?$/.exec(value);
  if (!parts) return value;
  const [, minus = '', whole = '', fraction = ''] = parts;
  return `${minus}${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`;
}
