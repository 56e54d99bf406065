-- +goose Up
insert into comptoir_migrations (version, name, applied_at) values (6, '0006_codes.sql', now());

-- Discount codes: campaigns, their codes, the uses of carts and orders, and the
-- counts that everybody who races for a limit writes. What is unique among the
-- documents that have it is null in those that do not.

create table campaigns (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	name            text collate "C" not null,
	prefix          text collate "C",
	active          boolean not null,
	starts_at       timestamptz,
	ends_at         timestamptz,
	created_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table campaigns alter column doc set storage external;
create unique index campaigns_prefix_key on campaigns (tenant, prefix);
create index campaigns_created_at_idx on campaigns (tenant, created_at, id);

create table codes (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	campaign        text collate "C" not null,
	generated       boolean not null,
	created_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table codes alter column doc set storage external;
create index codes_created_at_idx on codes (tenant, created_at, id);
create index codes_campaign_created_at_idx on codes (tenant, campaign, created_at, id);

create table redemptions (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	campaign        text collate "C" not null,
	code            text collate "C" not null,
	partner         text collate "C" not null,
	cart            text collate "C" not null,
	open_cart       text collate "C",
	order_id        text collate "C" not null,
	state           text collate "C" not null,
	reserved_at     timestamptz,
	held_until      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table redemptions alter column doc set storage external;
create unique index redemptions_open_cart_code_key on redemptions (tenant, open_cart, code);
create index redemptions_reserved_at_idx on redemptions (tenant, reserved_at, id);
create index redemptions_held_until_idx on redemptions (tenant, held_until, id);
create index redemptions_campaign_reserved_at_idx on redemptions (tenant, campaign, reserved_at, id);
create index redemptions_code_reserved_at_idx on redemptions (tenant, code, reserved_at, id);
create index redemptions_partner_reserved_at_idx on redemptions (tenant, partner, reserved_at, id);
create index redemptions_cart_reserved_at_idx on redemptions (tenant, cart, reserved_at, id);
create index redemptions_order_id_reserved_at_idx on redemptions (tenant, order_id, reserved_at, id);
create index redemptions_state_held_until_idx on redemptions (tenant, state, held_until, id);

create table tallies (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	campaign        text collate "C" not null,
	limit_kind      text collate "C" not null,
	used            bigint not null,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 50);
alter table tallies alter column doc set storage external;

alter table campaigns enable row level security;
alter table campaigns force row level security;
create policy campaigns_tenant on campaigns using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table codes enable row level security;
alter table codes force row level security;
create policy codes_tenant on codes using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table redemptions enable row level security;
alter table redemptions force row level security;
create policy redemptions_tenant on redemptions using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table tallies enable row level security;
alter table tallies force row level security;
create policy tallies_tenant on tallies using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

-- The uses of codes with the names of their campaigns, read with the rights and
-- under the row-level security of whoever asks.
create view redemptions_report with (security_invoker = true) as
select
	r.tenant, r.id, r.version, r.campaign, c.name as campaign_name, r.code, r.doc ->> 'text' as text, r.partner, r.cart,
	nullif(r.order_id, '') as order_id, r.state, r.reserved_at, r.held_until
from redemptions r
left join campaigns c on c.tenant = r.tenant and c.id = r.campaign;
