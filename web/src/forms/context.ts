import { createContext, useContext } from 'react';
import type { Json, Text } from '../api/types.ts';
import type { AccessOf } from './access.ts';

/** What the fields of one form share. */
export interface FormParts {
  access: AccessOf;
  masked: string[];
  set: (pointer: string, value: Json | undefined) => void;
  touch: (pointer: string) => void;
  errorAt: (pointer: string) => Text | string | undefined;
  /** Whether the server looked for the value of a place and found nothing. */
  missed: (pointer: string) => boolean;
  /** Keeps the ids of two forms on one page apart. */
  prefix: string;
}

export const FormContext = createContext<FormParts | null>(null);

export function useFormParts(): FormParts {
  const parts = useContext(FormContext);
  if (!parts) throw new Error('a field outside of a form');
  return parts;
}

/** The id of the control at a pointer. */
export function controlId(prefix: string, pointer: string): string {
  return `${prefix}${pointer.replaceAll('/', '.')}`;
}

/** Brings the control at a pointer, or the nearest around it, into view and gives it the focus. */
export function goTo(prefix: string, pointer: string): void {
  for (let place = pointer; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    const found = document.getElementById(controlId(prefix, place));
    if (!found) continue;
    const target = found.matches('input, textarea, button, select, [tabindex]')
      ? found
      : found.querySelector<HTMLElement>('input, textarea, button, [tabindex]');
    found.scrollIntoView({ block: 'center', behavior: 'smooth' });
    target?.focus({ preventScroll: true });
    return;
  }
}
