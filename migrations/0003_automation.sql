CREATE TABLE "follow_ups" (
	"id" bigint PRIMARY KEY NOT NULL,
	"follow_up_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"day_fields" text[] DEFAULT '{}' NOT NULL,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"ticket_no" text,
	"customer" text,
	"contact" text,
	"phone" text,
	"account_manager" text,
	"title" text,
	"csat" bigint,
	"csat_comment" text,
	"plan_at" timestamp with time zone,
	"visited_at" timestamp with time zone,
	"result" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "service_records" (
	"id" bigint PRIMARY KEY NOT NULL,
	"service_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"day_fields" text[] DEFAULT '{}' NOT NULL,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"ticket_no" text,
	"customer" text,
	"contact" text,
	"phone" text,
	"product_model" text,
	"serial_no" text,
	"title" text,
	"assignee" text,
	"served_at" timestamp with time zone,
	"solution" text,
	"time_spent" bigint,
	"parts" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "assignment_turns" (
	"pool" text NOT NULL,
	"person" text NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"credit" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "assignment_turns_pool_person_pk" PRIMARY KEY("pool","person")
);
--> statement-breakpoint
CREATE TABLE "breaches" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"metric" text NOT NULL,
	"cycle" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"breached_at" timestamp with time zone NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"cause" text NOT NULL,
	CONSTRAINT "breaches_table_name_record_id_metric_cycle_pk" PRIMARY KEY("table_name","record_id","metric","cycle")
);
--> statement-breakpoint
CREATE TABLE "config_versions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "config_versions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"state" text NOT NULL,
	"tabs" json NOT NULL,
	"author" text,
	"approver" text,
	"saved_at" timestamp with time zone NOT NULL,
	"in_force_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"event" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"config_version" bigint NOT NULL,
	"decision" json NOT NULL,
	CONSTRAINT "decisions_table_name_record_id_event_pk" PRIMARY KEY("table_name","record_id","event")
);
--> statement-breakpoint
CREATE TABLE "done_effects" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_clocks" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"policy" text,
	"policy_version" text,
	"is_live" integer NOT NULL,
	"clocks" json NOT NULL,
	CONSTRAINT "record_clocks_table_name_record_id_pk" PRIMARY KEY("table_name","record_id")
);
--> statement-breakpoint
CREATE TABLE "rule_hits" (
	"rule" text NOT NULL,
	"day" date NOT NULL,
	"hits" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rule_hits_rule_day_pk" PRIMARY KEY("rule","day")
);
--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "held_by" text;--> statement-breakpoint
CREATE UNIQUE INDEX "follow_ups_number" ON "follow_ups" USING btree ("follow_up_no");--> statement-breakpoint
CREATE UNIQUE INDEX "service_records_number" ON "service_records" USING btree ("service_no");--> statement-breakpoint
CREATE UNIQUE INDEX "config_in_force" ON "config_versions" USING btree ("state") WHERE "config_versions"."state" = 'in-force';--> statement-breakpoint
CREATE INDEX "config_versions_by_time" ON "config_versions" USING btree ("in_force_at");--> statement-breakpoint
CREATE INDEX "decisions_by_time" ON "decisions" USING btree ("at");--> statement-breakpoint
CREATE INDEX "record_clocks_live" ON "record_clocks" USING btree ("policy") WHERE "record_clocks"."is_live" = 1;--> statement-breakpoint
-- For people's own reports, as the views of tickets and customers.
CREATE VIEW "v_service_records" AS SELECT
	"id", "service_no", "revision", "day_fields", "custom", "ticket_no", "customer", "contact", "phone",
	"product_model", "serial_no", "title", "assignee", "served_at", "solution", "time_spent", "parts", "note"
FROM "service_records" WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE VIEW "v_follow_ups" AS SELECT
	"id", "follow_up_no", "revision", "day_fields", "custom", "ticket_no", "customer", "contact", "phone",
	"account_manager", "title", "csat", "csat_comment", "plan_at", "visited_at", "result", "note"
FROM "follow_ups" WHERE "deleted_at" IS NULL;
