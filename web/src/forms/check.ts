import type { Json, JsonObject, Text } from '../api/types.ts';
import { writes, type AccessOf } from './access.ts';
import { within } from './conditions.ts';
import { called, inRow, item, say, sayOwn, type Called } from './messages.ts';
import { isDecimal, written } from './decimals.ts';
import { isBlank, isObject, type Field, type FormModel, type Kind, type Level } from './model.ts';
import { fault, single, type Fault } from './normal.ts';
import { inside } from './pointer.ts';
import { settle } from './settle.ts';

/** One thing that is wrong with the data, where the server would say the same. */
export interface FieldError {
  pointer: string;
  keyword: string;
  message: Text;
}

interface Place {
  pointer: string;
  row: { rows: Called; row: number } | null;
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'x-min', 'x-max'] as const;
const LINE_LENGTH = 1_000;
const TEXT_LENGTH = 20_000;
const ITEMS = 2_000;

/** Checks what this person may write, in the order of the form. The server's verdict is the one that counts. */
export function check(form: FormModel, data: JsonObject, access: AccessOf): FieldError[] {
  return checkLevel(form.root, data, access, { pointer: '', row: null });
}

function checkLevel(level: Level, data: JsonObject, access: AccessOf, place: Place): FieldError[] {
  const settled = settle(level, data, access);
  const wanted = new Set(settled.demands.flatMap((branch) => branch.required));
  for (const [name, names] of Object.entries(level.dependents)) {
    if (!isBlank(settled.data[name])) for (const other of names) wanted.add(other);
  }
  return settled.fields.flatMap((field) => {
    const at: Place = { ...place, pointer: inside(place.pointer, field.name) };
    const given = field.computed === null ? data[field.name] : settled.data[field.name];
    const keywords = settled.demands.reduce(
      (all, branch) => ({ ...all, ...branch.demands[field.name] }),
      field.keywords,
    );
    const required = field.required || wanted.has(field.name) || access(field) === 'required';
    return checkField({ ...field, keywords }, given, required, access, at);
  });
}

function checkField(
  field: Field,
  value: Json | undefined,
  required: boolean,
  access: AccessOf,
  place: Place,
): FieldError[] {
  const { kind } = field;
  const own =
    kind.kind !== 'group' && (writes(access(field)) || (field.computed !== null && access(field) !== 'masked'));
  const found = isShaped(kind, value) ? faultOf(field, value, required) : fault('type');
  const here = found && (own || found.keyword === 'type') ? [worded(field, found, place)] : [];
  return [...here, ...inner(field, value, access, place)];
}

/** Tells whether rows and lists are lists, and groups are objects. */
function isShaped(kind: Kind, value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (kind.kind === 'rows' || kind.kind === 'list') return Array.isArray(value);
  return kind.kind !== 'group' || isObject(value);
}

/** The first thing that is wrong with a value itself. */
function faultOf(field: Field, value: Json | undefined, required: boolean): Fault | undefined {
  const { kind } = field;
  if (kind.kind === 'group') return undefined;
  const many = kind.kind === 'rows' || kind.kind === 'list';
  const normal = many ? ({ ok: true, value: value ?? undefined } as const) : single(kind, value);
  // What cannot be computed is the server's to say.
  if (!normal.ok) return field.computed === null ? normal.fault : undefined;
  if (isBlank(normal.value) && required) return field.computed === null && !field.lookedUp ? missing(field) : undefined;
  return normal.value === undefined ? undefined : limits(field, normal.value)[0];
}

/** What is wrong inside rows and lists. */
function inner(field: Field, value: Json | undefined, access: AccessOf, place: Place): FieldError[] {
  const { kind } = field;
  if (kind.kind === 'group')
    return value === undefined || value === null || isObject(value)
      ? checkLevel(kind.level, isObject(value) ? value : {}, access, place)
      : [];
  if (!Array.isArray(value)) return [];
  if (kind.kind === 'rows') {
    return value.flatMap((row, index) => {
      const around = { rows: called(field.title), row: index + 1 };
      const at = { pointer: inside(place.pointer, index), row: around };
      return isObject(row) ? checkLevel(kind.level, row, access, at) : [worded(field, fault('type'), at)];
    });
  }
  if (kind.kind !== 'list' || !writes(access(field))) return [];
  return value.flatMap((entry, index) => {
    const normal = single(kind.item.kind, entry);
    const found = normal.ok ? limits(kind.item, normal.value).slice(0, 1) : [normal.fault];
    const at = { ...place, pointer: inside(place.pointer, index) };
    return found.map((error) => worded(field, error, at, index + 1));
  });
}

/** What must be filled in and is not, in the words of the kind of field. */
function missing(field: Field): Fault {
  const { kind } = field;
  const itself = kind.kind === 'list' ? kind.item : field;
  if (itself.kind.kind === 'file') return fault('required', 'required.upload');
  if (kind.kind === 'rows') return fault('required', 'required.rows');
  const chosen =
    itself.choices !== null ||
    ['person', 'department', 'date', 'date-time', 'period', 'boolean'].includes(itself.kind.kind);
  return fault('required', chosen ? 'required.choose' : 'required');
}

/** The demands of the form that a value which is there does not meet. */
function limits(field: Field, value: Json | undefined): Fault[] {
  const { keywords } = field;
  const found: Fault[] = [];
  const limit = (keyword: string) => keywords[keyword];
  if (field.choices && !field.choices.some((choice) => choice.value === value)) found.push(fault('enum'));
  if (limit('const') !== undefined && limit('const') !== value) {
    found.push(
      fault('const', limit('const') === true ? 'const.true' : 'const', { limit: labelOf(field, limit('const')) }),
    );
  }
  if (typeof value === 'string') found.push(...textLimits(field, value));
  for (const keyword of BOUNDS) {
    if (limit(keyword) !== undefined && !within(keyword, limit(keyword), value)) {
      found.push(fault(keyword, keyword, { limit: boundText(field.kind, limit(keyword)) }));
    }
  }
  if (Array.isArray(value)) found.push(...countLimits(field, value.length));
  return found;
}

/** A bound as the value itself would be written. */
function boundText(kind: Kind, limit: Json | undefined): string {
  const text = String(limit);
  if (!isDecimal(text)) return text;
  return written(text, kind.kind === 'money' ? 2 : undefined);
}

function textLimits({ kind, keywords }: Field, value: string): Fault[] {
  if (kind.kind !== 'line' && kind.kind !== 'paragraphs') return [];
  const length = [...value].length;
  const most =
    typeof keywords['maxLength'] === 'number'
      ? keywords['maxLength']
      : kind.kind === 'line'
        ? LINE_LENGTH
        : TEXT_LENGTH;
  const least = typeof keywords['minLength'] === 'number' ? keywords['minLength'] : 0;
  const found: Fault[] = [];
  if (length < least) found.push(fault('minLength', 'minLength', { limit: least }));
  if (length > most) found.push(fault('maxLength', 'maxLength', { limit: most }));
  const pattern = keywords['pattern'];
  if (typeof pattern === 'string' && !matches(pattern, value)) found.push(fault('pattern'));
  return found;
}

function countLimits({ kind, keywords }: Field, count: number): Fault[] {
  const special =
    kind.kind === 'rows' ? '.rows' : kind.kind === 'list' && kind.item.kind.kind === 'file' ? '.upload' : '';
  const least = typeof keywords['minItems'] === 'number' ? keywords['minItems'] : 0;
  const most = typeof keywords['maxItems'] === 'number' ? keywords['maxItems'] : ITEMS;
  if (count < least) return [fault('minItems', `minItems${special}`, { limit: least })];
  return count > most ? [fault('maxItems', `maxItems${special}`, { limit: most })] : [];
}

/** A pattern this browser cannot read is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}

function labelOf(field: Field, value: Json | undefined): string {
  return field.choices?.find((choice) => choice.value === value)?.label.zh ?? String(value);
}

function worded(field: Field, found: Fault, place: Place, index?: number): FieldError {
  const plain = index === undefined ? called(field.title) : item(called(field.title), index);
  const name = place.row ? inRow(plain, place.row.rows, place.row.row) : plain;
  const messages = field.keywords['x-messages'];
  const own = isObject(messages) ? messages[found.keyword] : undefined;
  const text =
    typeof own === 'string'
      ? { zh: own }
      : isObject(own) && typeof own['zh'] === 'string'
        ? (own as unknown as Text)
        : null;
  const message = text
    ? sayOwn(text, called(field.title), found.params, place.row)
    : say(found.key, name, found.params);
  return { pointer: place.pointer, keyword: found.keyword, message };
}
