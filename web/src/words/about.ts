import type { Language } from '../api/types.ts';
import { useLanguage } from './language.ts';

const zh = {
  choose: '选择一条记录',
  required: '这份申请针对一条已登记的记录，请先选择是哪一条。',
  optional: '这份申请可以针对一条已登记的记录，也可以不针对任何记录。',
  plain: '不针对记录，直接填写',
  search: '搜索记录',
  noMatch: '没有匹配的记录',
  most: (n: number) => `只列出最新的 ${n} 条`,
  recorded: (time: string) => `登记于 ${time}`,
  until: (time: string) => `${time} 前可以发起`,
  left: (span: string) => `还剩 ${span}`,
  over: '时间已过',
  none: '现在没有可以发起的记录',
  noneWhy: '可能的原因：',
  noneReasons: ['还没有登记相关的记录', '可以发起的时间已过', '相关的记录已有申请'],
  mine: '查看我的申请',
  about: '针对的记录',
  another: '另选一条',
  filled: '由这条记录填好的内容不能修改。这里不保存草稿，离开前请提交。',
  notOffered: '这条记录已不在可选之列',
  notOfferedHint: '可能已有申请，或者同一事项有了更新的记录；提交时可能不被接受。',
  aboutNone: '这份申请不针对任何记录。',
  noneNow: '现在没有可以针对的记录：还没有登记、时间已过，或者已有申请。可以不针对记录，直接填写。',
  refused: '不能就这条记录发起',
  choice: '选择其他记录',
};

type AboutWords = typeof zh;

const en: AboutWords = {
  choose: 'Choose a record',
  required: 'This request is about something that was recorded. Choose first which.',
  optional: 'This request can be about something that was recorded, or about no record.',
  plain: 'Go on without a record',
  search: 'Search records',
  noMatch: 'No record matches',
  most: (n) => `Only the newest ${n} are listed`,
  recorded: (time) => `Recorded ${time}`,
  until: (time) => `Open until ${time}`,
  left: (span) => `${span} left`,
  over: 'The time has passed',
  none: 'There is no record to start this about now',
  noneWhy: 'It may be that:',
  noneReasons: ['nothing of the kind has been recorded yet', 'the time for it has passed', 'there is a request about it already'],
  mine: 'See my requests',
  about: 'About this record',
  another: 'Choose another',
  filled: 'What the record fills in cannot be changed. No draft is kept here: submit before you leave.',
  notOffered: 'This record is not offered any more',
  notOfferedHint: 'There may be a request about it already, or a newer record of the same. It may be refused when you submit.',
  aboutNone: 'This request is about no record.',
  noneNow: 'There is no record that it could be about now: none is there yet, the time has passed, or there is a request already. You can go on without one.',
  refused: 'Nothing can be started about this record',
  choice: 'Choose another record',
};

/** The texts of requests about a record; they load with the choice of one. */
export function aboutWords(language: Language): AboutWords {
  return language === 'zh' ? zh : en;
}

export function useAboutWords(): AboutWords {
  return aboutWords(useLanguage());
}
