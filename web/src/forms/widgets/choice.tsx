import { Checkbox, Radio, Select, Switch } from 'antd';
import { useText, useWords } from '../../words/index.ts';
import type { Choice } from '../model.ts';
import { statusOf, textsIn, type WidgetProps } from './props.ts';

/** Few and short choices side by side. */
export function RadioWidget({ field, value, change, control }: WidgetProps) {
  const options = useOptions(field.choices ?? []);
  const { id, ...described } = control;
  return (
    <Radio.Group
      {...described}
      id={id}
      aria-labelledby={`${id}-label`}
      className="choices"
      options={options}
      value={value ?? null}
      onChange={(event) => change(event.target.value as string | number)}
    />
  );
}

/** Many choices in a list that can be searched. */
export function SelectWidget({ field, value, change, leave, control }: WidgetProps) {
  const words = useWords();
  const text = useText();
  const options = useOptions(field.choices ?? []);
  return (
    <Select
      {...control}
      value={value as string | number | undefined}
      status={statusOf(control)}
      options={options}
      placeholder={field.placeholder ? text(field.placeholder) : words.form.choose}
      allowClear
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
      onChange={(next) => change(next)}
      onBlur={leave}
    />
  );
}

/** Several of some choices. */
export function CheckboxesWidget({ field, value, change, control }: WidgetProps) {
  const item = field.kind.kind === 'list' ? field.kind.item : field;
  const options = useOptions(item.choices ?? []);
  return (
    <div id={control.id} tabIndex={-1} aria-describedby={control['aria-describedby']}>
      <Checkbox.Group
        className="choices"
        options={options}
        value={Array.isArray(value) ? (value as (string | number)[]) : []}
        onChange={(next) => change(next.length > 0 ? next : undefined)}
      />
    </div>
  );
}

/** Yes or no; as a switch where it may also stay as it is, as two choices where it must be answered. */
export function BooleanWidget({ field, value, change, control }: WidgetProps) {
  const words = useWords();
  const { id, ...described } = control;
  if (field.required || control['aria-required']) {
    return (
      <Radio.Group
        {...described}
        id={id}
        aria-labelledby={`${id}-label`}
        className="choices"
        options={[
          { value: true, label: words.common.yes },
          { value: false, label: words.common.no },
        ]}
        value={typeof value === 'boolean' ? value : null}
        onChange={(event) => change(event.target.value as boolean)}
      />
    );
  }
  return (
    <div className="switch-line">
      <Switch {...described} id={id} checked={value === true} onChange={(checked) => change(checked)} />
    </div>
  );
}

/** Short texts, added one by one. */
export function TagsWidget({ value, change, leave, control }: WidgetProps) {
  return (
    <Select
      {...control}
      mode="tags"
      open={false}
      suffixIcon={null}
      value={textsIn(value)}
      status={statusOf(control)}
      tokenSeparators={[',', '，', '、', ';', '；']}
      onChange={(next: string[]) => change(next.length > 0 ? next : undefined)}
      onBlur={leave}
    />
  );
}

function useOptions(choices: Choice[]): { value: string | number; label: string }[] {
  const text = useText();
  return choices.map((choice) => ({ value: choice.value, label: text(choice.label) }));
}
