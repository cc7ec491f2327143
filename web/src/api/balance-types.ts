/** Balances of accounts, as the server sends them. Amounts are decimals without marks; withheld ones are a mask. */

import type { Page, Person, Text } from './types';

export interface Account {
  account: string;
  title: Text;
  /** What one of its keys is called. */
  key_title?: Text;
  /** What must be left on every key. */
  floor?: string;
}

export interface Balance {
  account: string;
  key: string;
  /** The key with names of people and departments in it. */
  label?: string;
  posted: string;
  reserved: string;
  free: string;
  masked: boolean;
}

export interface BalancePage extends Page<Balance> {
  /** With the first page of an unfiltered list only. */
  accounts: Account[];
}

export interface BalanceEntry {
  number: number;
  at: string;
  posted: string;
  reserved: string;
  /** What was free afterwards. */
  free: string;
  /** Absent where the reader may not read the request. */
  request?: { id: string; number: string; title: Text; initiator: Person };
  by?: Person;
}

export interface BalanceEntries {
  account: Account;
  balance: Balance;
  entries: Page<BalanceEntry>;
}
