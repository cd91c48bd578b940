/** People for tests: everything empty unless said. */
import type { Person } from '../../src/model/directory.ts';

export function person(name: string, more: Partial<Person> = {}): Person {
  return {
    name,
    aliases: [],
    roles: [],
    teams: [],
    regions: [],
    skills: [],
    capacity: null,
    weight: 1,
    leaves: [],
    substitute: null,
    shift: null,
    mail: null,
    mobile: null,
    feishuId: null,
    dingtalkId: null,
    wecomId: null,
    quietHours: null,
    active: true,
    ...more,
  };
}
