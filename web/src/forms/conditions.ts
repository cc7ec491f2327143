import type { Json, JsonObject } from '../api/types.ts';
import { compare, isDecimal } from './decimals.ts';
import { isBlank, isObject } from './model.ts';

/** Tells whether the test of an if / then / else holds for the data of its level. */
export function holds(test: JsonObject, data: JsonObject): boolean {
  const required = Array.isArray(test['required']) ? test['required'] : [];
  if (!required.every((name) => typeof name === 'string' && !isBlank(data[name]))) return false;
  const properties = isObject(test['properties']) ? test['properties'] : {};
  return Object.entries(properties).every(
    ([name, wanted]) => isBlank(data[name]) || (isObject(wanted) && meets(wanted, data[name])),
  );
}

/** Tells whether one value is as a condition asks. */
function meets(wanted: JsonObject, value: Json | undefined): boolean {
  return Object.entries(wanted).every(([keyword, limit]) => {
    switch (keyword) {
      case 'const':
        return value === limit;
      case 'enum':
        return Array.isArray(limit) && limit.some((choice) => choice === value);
      case 'minItems':
        return Array.isArray(value) && value.length >= Number(limit);
      case 'maxItems':
        return Array.isArray(value) && value.length <= Number(limit);
      default:
        return within(keyword, limit, value);
    }
  });
}

/** Tells whether a number keeps within a bound. A value that is no number is judged elsewhere. */
export function within(keyword: string, limit: Json | undefined, value: Json | undefined): boolean {
  const number = String(value);
  const bound = String(limit);
  if (!isDecimal(number) || !isDecimal(bound)) return true;
  const difference = compare(number, bound);
  if (difference === null) return true;
  switch (keyword) {
    case 'minimum':
    case 'x-min':
      return difference >= 0;
    case 'maximum':
    case 'x-max':
      return difference <= 0;
    case 'exclusiveMinimum':
      return difference > 0;
    case 'exclusiveMaximum':
      return difference < 0;
    default:
      return true;
  }
}
