import type { Figure } from '../api/types.ts';

/** A figure as the server words it; amounts get the sign of the currency. */
export function FigureText({ figure }: { figure: Pick<Figure, 'value' | 'kind'> }) {
  return figure.kind === 'money' ? figure.value.replace(/^-?/, '$&¥') : figure.value;
}
