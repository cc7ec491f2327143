import type { Json } from '../../api/types.ts';
import type { ControlProps } from '../../ui/Field.tsx';
import type { Field } from '../model.ts';

/** What every widget gets. */
export interface WidgetProps {
  field: Field;
  value: Json | undefined;
  change: (value: Json | undefined) => void;
  /** Says that the field was left. */
  leave: () => void;
  /** Id and description, for the element that takes the focus. */
  control: ControlProps;
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function statusOf(control: ControlProps): 'error' | '' {
  return control['aria-invalid'] ? 'error' : '';
}

/** Texts of a list, whatever was in it before. */
export function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
