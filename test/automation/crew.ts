/** Desks with people and rules of a test's own, in place of the demo's. */
import { type Cells, type Desk, type DeskOptions, openDesk, type Workbooks } from './desk.ts';

/** Takes every row of a tab away and types others. */
export function retype(books: Workbooks, tab: string, ...lines: readonly Cells[]): void {
  books.edit(tab, (rows) => void rows.splice(1));
  books.add(tab, ...lines);
}

/** Somebody who is always there, reached by mail, in 客服组 unless said otherwise. */
export function person(姓名: string, cells: Cells = {}): Cells {
  return { 姓名, 组: '客服组', 角色: '工程师', 班次: '全天值班', 邮箱: `${姓名}@example.com`, 在职: '是', ...cells };
}

export function rule(名称: string, cells: Cells): Cells {
  return { 启用: '是', 名称, ...cells };
}

/** All new tickets to 客服组, who take turns. */
export const toTeam = rule('派单', { 组: '分配', 时机: '新建', 分配给: '组:客服组 轮流' });

export async function crewDesk(
  people: readonly Cells[],
  rules: readonly Cells[] = [toTeam],
  options: DeskOptions = {},
): Promise<Desk> {
  return await openDesk({
    ...options,
    prepare: (books) => {
      retype(books, '人员', ...people);
      retype(books, '规则', ...rules);
      retype(books, '用例');
      options.prepare?.(books);
    },
  });
}

/** Who has the ticket with a title, as its tab shows it; empty for nobody. */
export function holder(desk: Desk, title: string): string {
  return desk.shown('工单', desk.row(title), '负责人');
}
