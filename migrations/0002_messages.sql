-- Messages, and timers that remember what they have gone off for.
CREATE TABLE "messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event" text NOT NULL,
	"recipient" text NOT NULL,
	"channel" text NOT NULL,
	"table_name" text,
	"record_id" bigint,
	"rule" text,
	"about" text,
	"urgency" text NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"chain" json NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"via" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"waits" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"merged_into" bigint,
	"letter" json NOT NULL,
	"manner" json NOT NULL,
	"error" json,
	"claim" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"tried_at" timestamp with time zone,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "timers_due";--> statement-breakpoint
ALTER TABLE "timers" DROP CONSTRAINT "timers_table_name_record_id_kind_pk";--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "timers" ADD CONSTRAINT "timers_table_name_record_id_kind_key_pk" PRIMARY KEY("table_name","record_id","kind","key");--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "fired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "payload" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "retry_at" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_key" ON "messages" USING btree ("event","recipient","channel");--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("not_before") WHERE "messages"."state" in ('planned', 'queued', 'failed');--> statement-breakpoint
CREATE INDEX "messages_of_recipient" ON "messages" USING btree ("recipient","id");--> statement-breakpoint
CREATE INDEX "messages_by_account" ON "messages" USING btree ("via","tried_at");--> statement-breakpoint
CREATE INDEX "messages_merged" ON "messages" USING btree ("merged_into") WHERE "messages"."merged_into" is not null;--> statement-breakpoint
CREATE INDEX "messages_dead" ON "messages" USING btree ("id") WHERE "messages"."state" = 'dead';--> statement-breakpoint
CREATE INDEX "timers_due" ON "timers" USING btree ("due_at") WHERE "timers"."fired_at" is distinct from "timers"."due_at";