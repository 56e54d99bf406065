-- +goose Up
insert into comptoir_migrations (version, name, applied_at)
values (4, '0004_codes.sql', cast(strftime('%s', 'now') as integer) * 1000000);

-- Discount codes: campaigns, their codes, the uses of carts and orders, and the
-- counts that everybody who races for a limit writes. What is unique among the
-- documents that have it is null in those that do not.

create table campaigns (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	name            text not null,
	prefix          text,
	active          integer not null,
	starts_at       integer,
	ends_at         integer,
	created_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index campaigns_prefix_key on campaigns (tenant, prefix);
create index campaigns_created_at_idx on campaigns (tenant, created_at, id);

create table codes (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	campaign        text not null,
	generated       integer not null,
	created_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create index codes_created_at_idx on codes (tenant, created_at, id);
create index codes_campaign_created_at_idx on codes (tenant, campaign, created_at, id);

create table redemptions (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	campaign        text not null,
	code            text not null,
	partner         text not null,
	cart            text not null,
	open_cart       text,
	order_id        text not null,
	state           text not null,
	reserved_at     integer,
	held_until      integer,
	doc             text not null,
	primary key (tenant, id)
);
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
	tenant          text not null,
	id              text not null,
	version         integer not null,
	campaign        text not null,
	limit_kind      text not null,
	used            integer not null,
	doc             text not null,
	primary key (tenant, id)
);
