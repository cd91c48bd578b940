/** Which columns the tabs of the team's workbook have, from left to right. */

/** Field key and width. */
export type ColumnWidths = readonly (readonly [key: string, width: number])[];

export const ticketColumns: ColumnWidths = [
  ['ticket_no', 15],
  ['status', 10],
  ['priority', 8],
  ['title', 30],
  ['description', 42],
  ['issue_type', 11],
  ['customer', 22],
  ['contact', 9],
  ['phone', 14],
  ['customer_level', 9],
  ['region', 9],
  ['product_line', 11],
  ['product_model', 19],
  ['module', 12],
  ['contract_no', 11],
  ['contract_amount', 13],
  ['assignee', 9],
  ['solution', 42],
  ['time_spent', 11],
  ['csat', 8],
  ['csat_comment', 24],
  ['created_at', 17],
  ['first_response_at', 17],
  ['resolved_at', 17],
  ['closed_at', 17],
  ['due_at', 17],
  ['sla_state', 13],
  ['close_reason', 18],
  ['merged_into', 15],
  ['attachments', 16],
];

export const customerColumns: ColumnWidths = [
  ['customer_no', 15],
  ['name', 26],
  ['level', 10],
  ['vip', 9],
  ['region', 9],
  ['contact', 10],
  ['phone', 15],
  ['email', 24],
  ['address', 30],
  ['account_manager', 11],
  ['contract_no', 12],
  ['contract_amount', 13],
  ['agreement', 14],
  ['note', 30],
];

export const serviceColumns: ColumnWidths = [
  ['service_no', 15],
  ['ticket_no', 15],
  ['customer', 24],
  ['contact', 10],
  ['phone', 15],
  ['product_model', 19],
  ['serial_no', 16],
  ['title', 30],
  ['assignee', 10],
  ['served_at', 17],
  ['solution', 46],
  ['time_spent', 11],
  ['parts', 20],
  ['note', 30],
];

export const contactColumns: ColumnWidths = [
  ['contact_no', 15],
  ['ticket_no', 15],
  ['contacted_at', 17],
  ['kind', 10],
  ['person', 10],
  ['content', 60],
];

export const followUpColumns: ColumnWidths = [
  ['follow_up_no', 15],
  ['ticket_no', 15],
  ['customer', 24],
  ['contact', 10],
  ['phone', 15],
  ['account_manager', 10],
  ['title', 34],
  ['csat', 8],
  ['csat_comment', 28],
  ['plan_at', 17],
  ['visited_at', 17],
  ['result', 46],
  ['note', 30],
];
