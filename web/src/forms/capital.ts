const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/** An amount in Chinese capital numerals, as finance writes it: 12800.50 is 壹万贰仟捌佰元伍角. */
export function capital(amount: string): string | null {
  const parts = /^(-?)0*(\d{1,16})(?:\.(\d{1,2})0*)?$/.exec(amount);
  if (!parts) return null;
  const [, minus, whole = '0', fraction = ''] = parts;
  const [tenths = 0, cents = 0] = fraction.padEnd(2, '0').split('').map(Number);
  const yuan = wholeOf(whole);
  const small = tenths + cents === 0 ? '整' : smallOf(tenths, cents, yuan !== '');
  if (yuan === '' && small === '整') return '零元整';
  return `${minus ? '负' : ''}${yuan === '' ? '' : `${yuan}元`}${small}`;
}

function smallOf(tenths: number, cents: number, afterYuan: boolean): string {
  const jiao = tenths > 0 ? `${DIGITS[tenths] ?? ''}角` : afterYuan ? '零' : '';
  return cents > 0 ? `${jiao}${DIGITS[cents] ?? ''}分` : jiao;
}

/** Digits by groups of four; a gap of zeros is said once. */
function wholeOf(digits: string): string {
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0');
  const groups = padded.match(/.{4}/g) ?? [];
  let text = '';
  let gap = false;
  for (const [index, group] of groups.entries()) {
    const value = Number(group);
    if (value === 0) {
      gap = text !== '';
      continue;
    }
    const said = groupOf(group, text !== '' && (gap || group.startsWith('0')));
    text += said + (GROUPS[groups.length - 1 - index] ?? '');
    gap = false;
  }
  return text;
}

function groupOf(group: string, zeroFirst: boolean): string {
  let text = zeroFirst ? '零' : '';
  let gap = false;
  for (const [index, digit] of [...group].entries()) {
    if (digit === '0') {
      gap = text !== '' && !text.endsWith('零');
      continue;
    }
    text += (gap ? '零' : '') + (DIGITS[Number(digit)] ?? '') + (PLACES[3 - index] ?? '');
    gap = false;
  }
  return text;
}
