import type { Json, JsonObject, PeriodKind, Text } from '../api/types.ts';
import {
  isObject,
  type Branch,
  type Choice,
  type Condition,
  type Field,
  type FormModel,
  type Kind,
  type Level,
} from './model.ts';

type Definitions = Record<string, JsonObject>;

const DIGITS_MAX = 12;

/** Reads a form's schema, as the server sends it; what is beyond the profile is ignored. */
export function readForm(schema: JsonObject): FormModel {
  const definitions = membersOf(schema['$defs']);
  return { title: titleOf(schema, null), root: readLevel(schema, '', definitions) };
}

function readLevel(schema: JsonObject, around: string, definitions: Definitions): Level {
  const plain = membersOf(schema['properties']);
  const required = names(schema['required']);
  const fields = new Map<string, Field>();
  const add = (name: string, property: JsonObject, shown: Field['shown']) => {
    if (!fields.has(name)) {
      fields.set(
        name,
        readField(name, around, resolve(property, definitions), required.includes(name), shown, definitions),
      );
    }
  };
  for (const [name, property] of Object.entries(plain)) add(name, property, null);
  const conditions = conditionsOf(schema).map((part, index): Condition => {
    const side = (branch: Json | undefined, holds: boolean): Branch => {
      const members = membersOf(isObject(branch) ? branch['properties'] : undefined);
      const demands: Record<string, JsonObject> = {};
      for (const [name, property] of Object.entries(members)) {
        if (name in plain) demands[name] = property;
        else add(name, property, { condition: index, holds });
      }
      return { required: names(isObject(branch) ? branch['required'] : undefined), demands };
    };
    return { test: part.test, then: side(part.then, true), otherwise: side(part.otherwise, false) };
  });
  const dependents = Object.fromEntries(
    Object.entries(isObject(schema['dependentRequired']) ? schema['dependentRequired'] : {}).map(([name, list]) => [
      name,
      names(list),
    ]),
  );
  return { fields: ordered([...fields.values()], names(schema['x-order'])), conditions, dependents };
}

interface ConditionParts {
  test: JsonObject;
  then: Json | undefined;
  otherwise: Json | undefined;
}

/** The conditions of a level; a part of `allOf` without `if` always holds. */
function conditionsOf(schema: JsonObject): ConditionParts[] {
  const parts = [schema, ...(Array.isArray(schema['allOf']) ? schema['allOf'].filter(isObject) : [])];
  return parts.flatMap((part, index): ConditionParts[] => {
    if (isObject(part['if'])) return [{ test: part['if'], then: part['then'], otherwise: part['else'] }];
    return index === 0 ? [] : [{ test: {}, then: part, otherwise: undefined }];
  });
}

function readField(
  name: string,
  around: string,
  schema: JsonObject,
  required: boolean,
  shown: Field['shown'],
  definitions: Definitions,
): Field {
  const path = around ? `${around}.${name}` : name;
  return {
    name,
    path,
    title: titleOf(schema, name) ?? { zh: name },
    description: textOf(schema['description'], english(schema, 'description')),
    kind: kindOf(schema, path, definitions),
    choices: choicesOf(schema),
    keywords: schema,
    required,
    shown,
    computed: typeof schema['x-computed'] === 'string' ? schema['x-computed'] : null,
    lookedUp: schema['x-lookup'] !== undefined,
    unit: textOf(schema['x-unit']),
    placeholder: textOf(schema['x-placeholder']),
  };
}

function kindOf(schema: JsonObject, path: string, definitions: Definitions): Kind {
  const type = schema['type'];
  if (type === 'integer' || type === 'boolean') return { kind: type };
  if (type === 'object' || isObject(schema['properties']))
    return { kind: 'group', level: readLevel(schema, path, definitions) };
  if (type === 'array') return manyOf(schema, path, definitions);
  const format = schema['format'];
  switch (format) {
    case 'textarea':
      return { kind: 'paragraphs' };
    case 'decimal':
      return { kind: 'decimal', digits: typeof schema['x-digits'] === 'number' ? schema['x-digits'] : DIGITS_MAX };
    case 'period':
      return { kind: 'period', length: periodOf(schema['x-period']) };
    case 'email':
    case 'money':
    case 'date':
    case 'date-time':
    case 'person':
    case 'department':
    case 'file':
      return { kind: format };
    default:
      return { kind: 'line' };
  }
}

function manyOf(schema: JsonObject, path: string, definitions: Definitions): Kind {
  const items = resolve(isObject(schema['items']) ? schema['items'] : {}, definitions);
  if (items['type'] !== 'object' && !isObject(items['properties'])) {
    const item = readField(
      '',
      path,
      { title: schema['title'] ?? '', 'x-en': schema['x-en'] ?? {}, ...items },
      false,
      null,
      definitions,
    );
    return { kind: 'list', item: { ...item, path } };
  }
  const level = readLevel(items, path, definitions);
  const columns = names(schema['x-columns']);
  return { kind: 'rows', level, columns: columns.length > 0 ? columns : level.fields.map((field) => field.name) };
}

function periodOf(value: Json | undefined): PeriodKind | null {
  return value === 'week' || value === 'month' || value === 'quarter' || value === 'year' ? value : null;
}

function choicesOf(schema: JsonObject): Choice[] | null {
  const values = schema['enum'];
  if (!Array.isArray(values)) return null;
  const labels = isObject(schema['x-labels']) ? schema['x-labels'] : {};
  return values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => ({ value, label: textOf(labels[String(value)]) ?? { zh: String(value) } }));
}

/** Puts a definition in the place of a `$ref`; texts beside it win. */
function resolve(schema: JsonObject, definitions: Definitions): JsonObject {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const definition = definitions[reference.replace('#/$defs/', '')];
  const { $ref: _reference, ...beside } = schema;
  return definition ? { ...definition, ...beside } : beside;
}

function ordered(fields: Field[], order: string[]): Field[] {
  const place = (field: Field) => {
    const index = order.indexOf(field.name);
    return index < 0 ? order.length : index;
  };
  return [...fields].sort((a, b) => place(a) - place(b));
}

function titleOf(schema: JsonObject, fallback: string | null): Text | null {
  return textOf(schema['title'] ?? fallback ?? undefined, english(schema, 'title'));
}

function english(schema: JsonObject, part: 'title' | 'description'): string | undefined {
  const texts = schema['x-en'];
  const text = isObject(texts) ? texts[part] : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** Reads a text that may be one string for both languages. */
function textOf(value: Json | undefined, en?: string): Text | null {
  if (typeof value === 'string') return en === undefined ? { zh: value } : { zh: value, en };
  if (!isObject(value) || typeof value['zh'] !== 'string') return null;
  return typeof value['en'] === 'string' ? { zh: value['zh'], en: value['en'] } : { zh: value['zh'] };
}

function membersOf(value: Json | undefined): Record<string, JsonObject> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, JsonObject] => isObject(entry[1])));
}

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
