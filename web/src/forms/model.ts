import type { Json, JsonObject, PeriodKind, Text } from '../api/types.ts';

/** A form as it is shown and checked: levels of fields, and the conditions between them. */
export interface FormModel {
  title: Text | null;
  root: Level;
}

/** The fields of one object: of the form, of a group, of a row. */
export interface Level {
  /** In the order in which they are shown. */
  fields: Field[];
  conditions: Condition[];
  /** Once the key is filled, the fields listed must be filled too. */
  dependents: Record<string, string[]>;
}

export interface Field {
  name: string;
  /** Its name with those around it, such as `items.points`. */
  path: string;
  title: Text;
  description: Text | null;
  kind: Kind;
  /** The values it can be chosen from, with what people read for them; none for free input. */
  choices: Choice[] | null;
  /** Its schema: limits, unit and the like. */
  keywords: JsonObject;
  /** Wanted whatever the conditions say. */
  required: boolean;
  /** The condition that it exists under; none where it always does. */
  shown: { condition: number; holds: boolean } | null;
  computed: string | null;
  /** The server finds its value in business records. */
  lookedUp: boolean;
  unit: Text | null;
  placeholder: Text | null;
}

export interface Choice {
  value: string | number;
  label: Text;
}

export type SingleKind =
  | { kind: 'line' | 'paragraphs' | 'email' | 'integer' | 'boolean' | 'money' | 'date' | 'date-time' }
  | { kind: 'person' | 'department' | 'file' }
  | { kind: 'decimal'; digits: number }
  | { kind: 'period'; length: PeriodKind | null };

/** What a field holds. */
export type Kind =
  | SingleKind
  | { kind: 'list'; item: Field }
  | { kind: 'rows'; level: Level; columns: string[] }
  | { kind: 'group'; level: Level };

/** One if / then / else. */
export interface Condition {
  test: JsonObject;
  then: Branch;
  otherwise: Branch;
}

/** What one side of a condition demands, besides the fields that exist only there. */
export interface Branch {
  required: string[];
  /** Further keywords for fields that exist anyway. */
  demands: Record<string, JsonObject>;
}

/** The level inside a group or a row. */
export function levelOf(kind: Kind): Level | null {
  return kind.kind === 'rows' || kind.kind === 'group' ? kind.level : null;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tells whether nothing is filled in. */
export function isBlank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isBlank);
}
