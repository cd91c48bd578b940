DROP INDEX "cards_due";--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "changes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "looked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "face" text;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "cards_due" ON "cards" USING btree ("not_before") WHERE "cards"."state" = 'due' or ("cards"."state" = 'open' and "cards"."changes" > "cards"."looked");--> statement-breakpoint
-- What the words of earlier cards told of their tickets is not known.
UPDATE "cards" SET "shown" = jsonb_set("shown"::jsonb, '{facts}', '{}')::json;
