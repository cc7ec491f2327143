/** Why a text is not an expression, by the codes of the server's findings. */
export type SyntaxCode =
  | 'expr.empty'
  | 'expr.too-long'
  | 'expr.too-deep'
  | 'expr.too-many-parts'
  | 'expr.character'
  | 'expr.text-open'
  | 'expr.number'
  | 'expr.date'
  | 'expr.syntax'
  | 'expr.chained'
  | 'expr.row-outside'
  | 'expr.unknown-function'
  | 'expr.arguments';

/** Why an expression has no value here. */
export type EvalCode =
  | 'expr.division-by-zero'
  | 'expr.overflow'
  | 'expr.not-whole'
  | 'expr.date-out-of-range'
  | 'expr.no-calendar'
  | 'expr.no-calendar-data'
  | 'expr.too-much-work'
  | 'expr.wrong-type';

/** A part of an expression's text, in UTF-16 units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A text that is not an expression. The server has the sentences for authors; a browser only meets texts it has checked. */
export class ExprSyntaxError extends Error {
  constructor(
    readonly code: SyntaxCode,
    readonly place: Place,
  ) {
    super(code);
  }
}

/** An expression that has no value here. */
export class EvalError extends Error {
  constructor(
    readonly code: EvalCode,
    readonly place: Place,
    /** The year without data, where that is the reason. */
    readonly year: number | null = null,
  ) {
    super(code);
  }

  /** What happened, in a sentence that a clerk understands. */
  sentence(language: 'zh' | 'en'): string {
    return SENTENCES[this.code][language].replace('{year}', String(this.year));
  }
}

/** The server's sentences; the shared corpus keeps them the same. */
const SENTENCES: Record<EvalCode, { zh: string; en: string }> = {
  'expr.division-by-zero': { zh: '除数为零，无法计算', en: 'cannot divide by zero' },
  'expr.overflow': { zh: '数字太大，超出了可计算的范围', en: 'the number is too large to compute with' },
  'expr.not-whole': { zh: '天数必须是整数', en: 'the number of days has to be whole' },
  'expr.date-out-of-range': { zh: '日期超出了可用范围', en: 'the date is out of range' },
  'expr.no-calendar': { zh: '没有可用的工作日历', en: 'there is no working calendar' },
  'expr.no-calendar-data': {
    zh: '工作日历还没有 {year} 年的节假日安排',
    en: 'the working calendar has no holidays for {year} yet',
  },
  'expr.too-much-work': { zh: '明细行太多，计算量超出上限', en: 'too many rows, the computation exceeds its limit' },
  'expr.wrong-type': { zh: '数据与表达式要求的类型不符', en: 'the data is not of the type the expression needs' },
};
