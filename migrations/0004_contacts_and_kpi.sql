CREATE TABLE "contacts" (
	"id" bigint PRIMARY KEY NOT NULL,
	"contact_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"day_fields" text[] DEFAULT '{}' NOT NULL,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"ticket_no" text,
	"contacted_at" timestamp with time zone,
	"kind" text,
	"person" text,
	"content" text
);
--> statement-breakpoint
CREATE TABLE "kpi_blocks" (
	"block" integer PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL,
	"made_with" text NOT NULL,
	"body" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kpi_dirty" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "kpi_dirty_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"block" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "close_reason" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "merged_into" text;--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_number" ON "contacts" USING btree ("contact_no");--> statement-breakpoint
CREATE INDEX "contacts_by_ticket" ON "contacts" USING btree ("ticket_no");
--> statement-breakpoint
-- For people's own reports.
CREATE VIEW "v_contacts" AS SELECT
	"id", "contact_no", "revision", "day_fields", "custom", "ticket_no", "contacted_at", "kind", "person", "content"
FROM "contacts" WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW "v_tickets" AS SELECT
	"id", "ticket_no", "revision", "day_fields", "custom", "created_at", "channel", "customer", "contact",
	"phone", "customer_level", "region", "product_line", "product_model", "module", "serial_no", "contract_no",
	"agreement", "contract_amount", "title", "description", "issue_type", "priority", "status", "assignee",
	"team", "accepted_by", "first_response_at", "assigned_at", "visit_at", "resolved_at", "closed_at", "due_at",
	"sla_state", "solution", "root_cause", "time_spent", "parts", "attachments", "csat", "csat_comment",
	"reopen_count", "note", "close_reason", "merged_into"
FROM "tickets" WHERE "deleted_at" IS NULL;
--> statement-breakpoint
-- A block is 256 tickets with neighbouring ids. Marks are only ever added, so that two writers never wait for each other.
CREATE FUNCTION "mark_kpi_of_log"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO kpi_dirty (block) SELECT DISTINCT (record_id / 256)::integer FROM added WHERE table_name = 'tickets';
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "changes_mark_kpi" AFTER INSERT ON "changes" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "mark_kpi_of_log"();
--> statement-breakpoint
CREATE TRIGGER "record_clocks_mark_kpi" AFTER INSERT ON "record_clocks" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "mark_kpi_of_log"();
--> statement-breakpoint
CREATE TRIGGER "record_clocks_mark_kpi_again" AFTER UPDATE ON "record_clocks" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "mark_kpi_of_log"();
--> statement-breakpoint
CREATE FUNCTION "mark_kpi_of_contact"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO kpi_dirty (block)
	SELECT DISTINCT (tickets.id / 256)::integer FROM tickets
	WHERE tickets.ticket_no IN (SELECT ticket_no FROM added);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "contacts_mark_kpi" AFTER INSERT ON "contacts" REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "mark_kpi_of_contact"();
--> statement-breakpoint
CREATE FUNCTION "mark_kpi_of_moved_contact"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO kpi_dirty (block)
	SELECT DISTINCT (tickets.id / 256)::integer FROM tickets
	WHERE tickets.ticket_no IN (SELECT ticket_no FROM added UNION SELECT ticket_no FROM removed);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "contacts_mark_kpi_again" AFTER UPDATE ON "contacts" REFERENCING OLD TABLE AS removed NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION "mark_kpi_of_moved_contact"();
--> statement-breakpoint
INSERT INTO "kpi_dirty" ("block") SELECT DISTINCT ("id" / 256)::integer FROM "tickets";
