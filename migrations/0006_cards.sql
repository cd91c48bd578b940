CREATE TABLE "cards" (
	"key" text PRIMARY KEY NOT NULL,
	"table_name" text NOT NULL,
	"record_id" bigint NOT NULL,
	"account" text NOT NULL,
	"recipient" text NOT NULL,
	"receipt" text,
	"asks" text[] NOT NULL,
	"shown" json NOT NULL,
	"state" text NOT NULL,
	"outcome" json,
	"attempts" integer DEFAULT 0 NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"made_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "cards_of_record" ON "cards" USING btree ("table_name","record_id");--> statement-breakpoint
CREATE INDEX "cards_due" ON "cards" USING btree ("not_before") WHERE "cards"."state" = 'due';--> statement-breakpoint
CREATE INDEX "cards_made" ON "cards" USING btree ("made_at");