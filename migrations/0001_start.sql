-- First version. Breaks no older code.
CREATE SEQUENCE "dirty_marks" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "binding_dirty" (
	"binding_id" text NOT NULL,
	"record_id" bigint NOT NULL,
	"mark" bigint NOT NULL,
	CONSTRAINT "binding_dirty_binding_id_record_id_pk" PRIMARY KEY("binding_id","record_id")
);
--> statement-breakpoint
CREATE TABLE "binding_rows" (
	"binding_id" text NOT NULL,
	"record_id" bigint NOT NULL,
	"number" text NOT NULL,
	"state" text NOT NULL,
	"row_hint" integer NOT NULL,
	"miss_count" integer NOT NULL,
	"missing_since" timestamp with time zone,
	"born_gen" integer NOT NULL,
	"cells" text NOT NULL,
	"past" text,
	CONSTRAINT "binding_rows_binding_id_record_id_pk" PRIMARY KEY("binding_id","record_id")
);
--> statement-breakpoint
CREATE TABLE "bindings" (
	"id" text PRIMARY KEY NOT NULL,
	"table_name" text NOT NULL,
	"config_hash" text DEFAULT '' NOT NULL,
	"mode" text DEFAULT 'new' NOT NULL,
	"held_by" text,
	"token" text,
	"generation" integer DEFAULT 0 NOT NULL,
	"seen_generation" integer DEFAULT 0 NOT NULL,
	"cycle" integer DEFAULT 0 NOT NULL,
	"last_read_at" timestamp with time zone,
	"look_again_at" timestamp with time zone,
	"columns" json DEFAULT '{}'::json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change_heads" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"seq" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "change_heads_table_name_record_id_pk" PRIMARY KEY("table_name","record_id")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"field" text,
	"old_value" json,
	"new_value" json,
	"new_values" json,
	"typed" text,
	"actor_kind" text NOT NULL,
	"actor_name" text,
	"source" text NOT NULL,
	"cause" text,
	"happened_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"prev_hash" "bytea",
	"hash" "bytea" NOT NULL,
	CONSTRAINT "changes_table_name_record_id_seq_pk" PRIMARY KEY("table_name","record_id","seq")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" bigint PRIMARY KEY NOT NULL,
	"customer_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"day_fields" text[] DEFAULT '{}' NOT NULL,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"name" text,
	"level" text,
	"vip" boolean,
	"region" text,
	"contact" text,
	"phone" text,
	"email" text,
	"address" text,
	"account_manager" text,
	"contract_no" text,
	"contract_amount" numeric,
	"agreement" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "cycles" (
	"binding_id" text NOT NULL,
	"n" integer NOT NULL,
	"applied_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cycles_binding_id_n_pk" PRIMARY KEY("binding_id","n")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"workbook" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"fence" bigint NOT NULL,
	"held_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"table_name" text NOT NULL,
	"record_ids" bigint[] NOT NULL,
	"fields" text[] NOT NULL,
	"cause" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "problems" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "problems_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"binding" text NOT NULL,
	"record_id" bigint,
	"field" text,
	"row" integer,
	"column" integer,
	"typed" text,
	"current" text,
	"message" text NOT NULL,
	"params" json NOT NULL,
	"lasting" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"answer" text
);
--> statement-breakpoint
CREATE TABLE "record_counters" (
	"table_name" text PRIMARY KEY NOT NULL,
	"last" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "records" (
	"table_name" text NOT NULL,
	"id" bigint NOT NULL,
	"record_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"data" jsonb NOT NULL,
	CONSTRAINT "records_table_name_id_pk" PRIMARY KEY("table_name","id")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" bigint PRIMARY KEY NOT NULL,
	"ticket_no" text NOT NULL,
	"revision" integer NOT NULL,
	"deleted_at" timestamp with time zone,
	"day_fields" text[] DEFAULT '{}' NOT NULL,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone,
	"channel" text,
	"customer" text,
	"contact" text,
	"phone" text,
	"customer_level" text,
	"region" text,
	"product_line" text,
	"product_model" text,
	"module" text,
	"serial_no" text,
	"contract_no" text,
	"agreement" text,
	"contract_amount" numeric,
	"title" text,
	"description" text,
	"issue_type" text,
	"priority" text,
	"status" text,
	"assignee" text,
	"team" text,
	"accepted_by" text,
	"first_response_at" timestamp with time zone,
	"assigned_at" timestamp with time zone,
	"visit_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"sla_state" text,
	"solution" text,
	"root_cause" text,
	"time_spent" bigint,
	"parts" text,
	"attachments" text,
	"csat" bigint,
	"csat_comment" text,
	"reopen_count" bigint,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "timers_table_name_record_id_kind_pk" PRIMARY KEY("table_name","record_id","kind")
);
--> statement-breakpoint
CREATE TABLE "write_batches" (
	"binding_id" text NOT NULL,
	"id" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "write_batches_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"state" text NOT NULL,
	"generation" integer NOT NULL,
	"token" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"intents" text NOT NULL,
	CONSTRAINT "write_batches_binding_id_id_pk" PRIMARY KEY("binding_id","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "customers_number" ON "customers" USING btree ("customer_no");--> statement-breakpoint
CREATE INDEX "outbox_open" ON "outbox" USING btree ("id") WHERE "outbox"."done_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "problems_key" ON "problems" USING btree ("key");--> statement-breakpoint
CREATE INDEX "problems_standing" ON "problems" USING btree ("binding") WHERE "problems"."state" <> 'resolved';--> statement-breakpoint
CREATE UNIQUE INDEX "records_number" ON "records" USING btree ("table_name","record_no");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("ticket_no");--> statement-breakpoint
CREATE INDEX "timers_due" ON "timers" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "write_batches_by_state" ON "write_batches" USING btree ("binding_id","state","position");
--> statement-breakpoint
-- The log is only ever appended to, whoever asks.
CREATE FUNCTION "refuse_change_of_log"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'changes is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "changes_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "changes"
FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_log"();
--> statement-breakpoint
-- For people's own reports: what is not deleted, by plain column names. Values of a team's own columns are in "custom".
CREATE VIEW "v_tickets" AS SELECT
	"id", "ticket_no", "revision", "day_fields", "custom", "created_at", "channel", "customer", "contact",
	"phone", "customer_level", "region", "product_line", "product_model", "module", "serial_no", "contract_no",
	"agreement", "contract_amount", "title", "description", "issue_type", "priority", "status", "assignee",
	"team", "accepted_by", "first_response_at", "assigned_at", "visit_at", "resolved_at", "closed_at", "due_at",
	"sla_state", "solution", "root_cause", "time_spent", "parts", "attachments", "csat", "csat_comment",
	"reopen_count", "note"
FROM "tickets" WHERE "deleted_at" IS NULL;
--> statement-breakpoint
CREATE VIEW "v_customers" AS SELECT
	"id", "customer_no", "revision", "day_fields", "custom", "name", "level", "vip", "region", "contact",
	"phone", "email", "address", "account_manager", "contract_no", "contract_amount", "agreement", "note"
FROM "customers" WHERE "deleted_at" IS NULL;
