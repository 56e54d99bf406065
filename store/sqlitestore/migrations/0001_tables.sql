-- +goose Up
-- Each file notes itself, so that whatever runs the files leaves a schema that
-- a store knows.
create table if not exists comptoir_migrations (
	version         integer not null primary key,
	name            text not null,
	applied_at      integer not null
);
insert into comptoir_migrations (version, name, applied_at)
values (1, '0001_tables.sql', cast(strftime('%s', 'now') as integer) * 1000000);

-- One row per aggregate: the key, the version, the typed columns that are
-- searched, sorted or reported, and the document, last so that lists need not
-- read it. Times are microseconds since 1970, UTC; amounts are minor units of
-- the row's currency; truth is 0 or 1. Text compares by bytes.

create table partners (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	number          text not null,
	name            text not null,
	type            text not null,
	active          integer not null,
	center          text not null,
	region          text not null,
	created_at      integer,
	updated_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index partners_number_key on partners (tenant, number);
create table partners_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;

create table products (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	sku             text not null,
	names           text not null,
	unit            text not null,
	super           text not null,
	family          text not null,
	sub             text not null,
	online          integer not null,
	sale            text not null,
	spare           integer not null,
	tax             text not null,
	created_at      integer,
	updated_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index products_sku_key on products (tenant, sku);
create table products_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;

create table availabilities (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	on_hand         integer not null,
	next_at         integer,
	as_of           integer,
	doc             text not null,
	primary key (tenant, id)
);

create table carts (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	partner         text not null,
	name            text not null,
	name_folded     text not null,
	is_default      integer not null,
	lines           integer not null,
	holder          text not null,
	holder_role     text not null,
	currency        text not null,
	created_at      integer,
	updated_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index carts_partner_name_folded_key on carts (tenant, partner, name_folded);

create table orders (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	ref             text not null,
	state           text not null,
	partner         text not null,
	customer_number text not null,
	customer_name   text not null,
	customer_type   text not null,
	inserted_by     text not null,
	placed_at       integer,
	net             integer not null,
	tax             integer not null,
	gross           integer not null,
	currency        text not null,
	lines           integer not null,
	tickets         integer not null,
	direct          integer not null,
	erp_number      text not null,
	erp_id          text not null,
	updated_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index orders_ref_key on orders (tenant, ref);
create table orders_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;

-- Committed events that no consumer has finished, with the state of the queue.
create table comptoir_outbox (
	tenant          text not null,
	topic           text not null,
	id              text not null,
	type            text not null,
	schema          integer not null,
	subject         text not null,
	version         integer not null,
	idx             integer not null,
	at              integer not null,
	data            text not null,
	-- due is the end of the lease or the time of the next attempt; turn is what
	-- due was before the last claim.
	due             integer not null,
	turn            integer,
	token           integer not null default 0,
	attempt         integer not null default 0,
	leased          integer not null default 0,
	dead            integer not null default 0,
	buried          integer,
	cause           text not null default '',
	primary key (tenant, topic, id)
);
create index comptoir_outbox_queue_idx on comptoir_outbox (tenant, topic, dead, due, at, subject, version, idx, id);
create index comptoir_outbox_leased_idx on comptoir_outbox (tenant, topic, subject, due) where leased = 1;
create index comptoir_outbox_subject_idx on comptoir_outbox (tenant, topic, subject, dead, version, idx, id);

-- Gapless numbers; value is the last one given.
create table comptoir_counters (
	tenant          text not null,
	series          text not null,
	value           integer not null,
	primary key (tenant, series)
);

-- Idempotency keys with the hash of their input and the first result. A sweep
-- removes those created long ago.
create table comptoir_keys (
	tenant          text not null,
	scope           text not null,
	key             text not null,
	input           blob not null,
	result          blob,
	created_at      integer not null,
	primary key (tenant, scope, key)
);

-- Every tenant that has written something, for relays; it holds no data of
-- theirs and is the one table that all may read.
create table comptoir_tenants (
	id              text not null primary key
);
