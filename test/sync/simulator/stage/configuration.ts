/** What the desk is configured with: its tabs, its fields, and the bindings as they are now. */
import type { Binding } from '../../../../src/model/binding.ts';
import { bindingId, bindingOf, type DeskTab, FIELDS, tabsOf } from '../fields.ts';
import type { Desk } from '../tape.ts';

export class Configuration {
  readonly tabs: readonly DeskTab[];
  /** Keys of the fields the desk has. */
  readonly fields: readonly string[];
  readonly #desk: Desk;
  #dropped: string | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.tabs = tabsOf(desk);
    this.fields = Object.keys(FIELDS).filter((key) => key !== 'due' || desk.dates === true);
  }

  /** The column that is left out now. */
  get dropped(): string | null {
    return this.#dropped;
  }

  /** Leaves a column out, or takes it in again. */
  change(n: number): void {
    this.#dropped = this.#dropped === null ? ['note', 'hours'][n % 2]! : null;
  }

  tab(id: string): DeskTab {
    return this.tabs.find((tab) => bindingId(tab) === id)!;
  }

  binding(tab: DeskTab): Binding {
    return bindingOf(this.#desk, tab, this.#dropped);
  }

  /** The binding with every column it ever had. */
  widestBinding(tab: DeskTab): Binding {
    return bindingOf(this.#desk, tab, null);
  }
}
