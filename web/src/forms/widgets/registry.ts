import type { ComponentType } from 'react';
import type { Field } from '../model.ts';
import { BooleanWidget, CheckboxesWidget, RadioWidget, SelectWidget, TagsWidget } from './choice.tsx';
import { DateTimeWidget, DateWidget, PeriodWidget } from './dates.tsx';
import { FilesWidget } from './files.tsx';
import { DepartmentWidget, PeopleWidget, PersonWidget } from './people.tsx';
import type { WidgetProps } from './props.ts';
import { IntegerWidget, LineWidget, NumberWidget, ParagraphsWidget } from './text.tsx';

/** A way to fill a field. Of those that fit, the one with the highest rank is taken. */
export interface Widget {
  fits: (field: Field) => boolean;
  rank: number;
  component: ComponentType<WidgetProps>;
  /** Takes the whole width of the form. */
  wide?: boolean;
  /** Is made of several controls, so that its title is a caption and not a label. */
  group?: boolean;
}

const is =
  (...kinds: string[]) =>
  (field: Field) =>
    kinds.includes(field.kind.kind);
const listOf =
  (...kinds: string[]) =>
  (field: Field) =>
    field.kind.kind === 'list' && kinds.includes(field.kind.item.kind.kind);

const RADIO_CHOICES_MAX = 4;
const RADIO_LETTERS_MAX = 28;

/** Choices that fit beside each other on a phone. */
function few(field: Field): boolean {
  if (!field.choices || field.choices.length > RADIO_CHOICES_MAX) return false;
  return field.choices.reduce((sum, choice) => sum + choice.label.zh.length, 0) <= RADIO_LETTERS_MAX;
}

const widgets: Widget[] = [
  { fits: () => true, rank: 0, component: LineWidget },
  { fits: is('line', 'email'), rank: 1, component: LineWidget },
  { fits: is('paragraphs'), rank: 1, component: ParagraphsWidget, wide: true },
  { fits: is('money', 'decimal'), rank: 1, component: NumberWidget },
  { fits: is('integer'), rank: 1, component: IntegerWidget },
  { fits: is('boolean'), rank: 1, component: BooleanWidget },
  { fits: is('date'), rank: 1, component: DateWidget },
  { fits: is('date-time'), rank: 1, component: DateTimeWidget },
  { fits: is('period'), rank: 1, component: PeriodWidget },
  { fits: is('person'), rank: 1, component: PersonWidget },
  { fits: is('department'), rank: 1, component: DepartmentWidget },
  { fits: is('file'), rank: 1, component: FilesWidget, wide: true, group: true },
  { fits: (field) => field.choices !== null, rank: 2, component: SelectWidget },
  { fits: (field) => few(field), rank: 3, component: RadioWidget, group: true },
  {
    fits: (field) => few(field) && (field.choices?.length ?? 0) > 2,
    rank: 4,
    component: RadioWidget,
    group: true,
    wide: true,
  },
  { fits: is('list'), rank: 1, component: TagsWidget, wide: true },
  { fits: listOf('person'), rank: 2, component: PeopleWidget, wide: true },
  { fits: listOf('file'), rank: 2, component: FilesWidget, wide: true, group: true },
  {
    fits: (field) => field.kind.kind === 'list' && field.kind.item.choices !== null,
    rank: 3,
    component: CheckboxesWidget,
    wide: true,
    group: true,
  },
];

/** The best way to fill a field. */
export function widgetFor(field: Field): Widget {
  const fitting = widgets.filter((widget) => widget.fits(field));
  return fitting.reduce((best, widget) => (widget.rank > best.rank ? widget : best));
}

/** The best way in the narrow cell of a table: choices become a list. */
export function cellWidgetFor(field: Field): Widget {
  const widget = widgetFor(field);
  return widget.component === RadioWidget ? { ...widget, component: SelectWidget, group: false } : widget;
}
