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
CREATE UNIQUE INDEX "config_in_force" ON "config_versions" USING btree ("state") WHERE "config_versions"."state" = 'in-force';--> statement-breakpoint
CREATE INDEX "config_versions_by_time" ON "config_versions" USING btree ("in_force_at");--> statement-breakpoint
CREATE INDEX "decisions_by_time" ON "decisions" USING btree ("at");--> statement-breakpoint
CREATE INDEX "record_clocks_live" ON "record_clocks" USING btree ("policy") WHERE "record_clocks"."is_live" = 1;