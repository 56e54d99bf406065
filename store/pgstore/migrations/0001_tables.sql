-- +goose Up
-- Each file notes itself, so that whatever runs the files leaves a schema that
-- a store knows.
create table if not exists comptoir_migrations (
	version         bigint not null primary key,
	name            text collate "C" not null,
	applied_at      timestamptz not null
);
insert into comptoir_migrations (version, name, applied_at) values (1, '0001_tables.sql', now());

-- One row per aggregate: the key, the version, the typed columns that are
-- searched, sorted or reported, and the document. Times are UTC, amounts are
-- minor units of the row's currency. Text compares by bytes. Documents are
-- stored uncompressed, and out of line from 2 kB on, so that lists read slim
-- rows; a lower toast_tuple_target would move ids and names out of line, too.
-- Room is left in the pages for updates that touch no index.

create table partners (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	number          text collate "C" not null,
	name            text collate "C" not null,
	type            text collate "C" not null,
	active          boolean not null,
	center          text collate "C" not null,
	region          text collate "C" not null,
	created_at      timestamptz,
	updated_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table partners alter column doc set storage external;
create unique index partners_number_key on partners (tenant, number);
create table partners_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index partners_type_number_idx on partners (tenant, type, number, id);
create index partners_terms_id_idx on partners_terms (tenant, id);

create table products (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	sku             text collate "C" not null,
	names           text collate "C" not null,
	unit            text collate "C" not null,
	super           text collate "C" not null,
	family          text collate "C" not null,
	sub             text collate "C" not null,
	online          boolean not null,
	sale            text collate "C" not null,
	spare           boolean not null,
	tax             text collate "C" not null,
	created_at      timestamptz,
	updated_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table products alter column doc set storage external;
create unique index products_sku_key on products (tenant, sku);
create table products_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index products_super_sku_idx on products (tenant, super, sku, id);
create index products_super_family_sku_idx on products (tenant, super, family, sku, id);
create index products_super_family_sub_sku_idx on products (tenant, super, family, sub, sku, id);
create index products_online_sku_idx on products (tenant, online, sku, id);
create index products_terms_id_idx on products_terms (tenant, id);

create table availabilities (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	on_hand         bigint not null,
	next_at         timestamptz,
	as_of           timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table availabilities alter column doc set storage external;

create table carts (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	partner         text collate "C" not null,
	name            text collate "C" not null,
	name_folded     text collate "C" not null,
	is_default      boolean not null,
	lines           bigint not null,
	holder          text collate "C" not null,
	holder_role     text collate "C" not null,
	currency        text collate "C" not null,
	created_at      timestamptz,
	updated_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 50);
alter table carts alter column doc set storage external;
create unique index carts_partner_name_folded_key on carts (tenant, partner, name_folded);
create index carts_name_folded_idx on carts (tenant, name_folded, id);
create index carts_partner_is_default_idx on carts (tenant, partner, is_default, id);

create table orders (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	ref             text collate "C" not null,
	state           text collate "C" not null,
	partner         text collate "C" not null,
	customer_number text collate "C" not null,
	customer_name   text collate "C" not null,
	customer_type   text collate "C" not null,
	inserted_by     text collate "C" not null,
	placed_at       timestamptz,
	net             bigint not null,
	tax             bigint not null,
	gross           bigint not null,
	currency        text collate "C" not null,
	lines           bigint not null,
	tickets         boolean not null,
	direct          boolean not null,
	erp_number      text collate "C" not null,
	erp_id          text collate "C" not null,
	updated_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table orders alter column doc set storage external;
create unique index orders_ref_key on orders (tenant, ref);
create table orders_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index orders_placed_at_idx on orders (tenant, placed_at, id);
create index orders_partner_placed_at_idx on orders (tenant, partner, placed_at, id);
create index orders_partner_ref_idx on orders (tenant, partner, ref, id);
create index orders_state_placed_at_idx on orders (tenant, state, placed_at, id);
create index orders_state_ref_idx on orders (tenant, state, ref, id);
create index orders_inserted_by_placed_at_idx on orders (tenant, inserted_by, placed_at, id);
create index orders_inserted_by_ref_idx on orders (tenant, inserted_by, ref, id);
create index orders_customer_type_placed_at_idx on orders (tenant, customer_type, placed_at, id);
create index orders_customer_type_ref_idx on orders (tenant, customer_type, ref, id);
create index orders_erp_number_idx on orders (tenant, erp_number, id);
create index orders_terms_id_idx on orders_terms (tenant, id);

-- Committed events that no consumer has finished, with the state of the queue.
create table comptoir_outbox (
	tenant          text collate "C" not null,
	topic           text collate "C" not null,
	id              text collate "C" not null,
	type            text collate "C" not null,
	schema          bigint not null,
	subject         text collate "C" not null,
	version         bigint not null,
	idx             bigint not null,
	at              timestamptz not null,
	data            text collate "C" not null,
	-- due is the end of the lease or the time of the next attempt; turn is what
	-- due was before the last claim.
	due             timestamptz not null,
	turn            timestamptz,
	token           bigint not null default 0,
	attempt         bigint not null default 0,
	leased          smallint not null default 0,
	dead            smallint not null default 0,
	buried          timestamptz,
	cause           text collate "C" not null default '',
	primary key (tenant, topic, id)
);
create index comptoir_outbox_queue_idx on comptoir_outbox (tenant, topic, dead, due, at, subject, version, idx, id);
create index comptoir_outbox_leased_idx on comptoir_outbox (tenant, topic, subject, due) where leased = 1;
create index comptoir_outbox_subject_idx on comptoir_outbox (tenant, topic, subject, dead, version, idx, id);

-- Gapless numbers; value is the last one given.
create table comptoir_counters (
	tenant          text collate "C" not null,
	series          text collate "C" not null,
	value           bigint not null,
	primary key (tenant, series)
) with (fillfactor = 50);

-- Idempotency keys with the hash of their input and the first result. A sweep
-- removes those created long ago.
create table comptoir_keys (
	tenant          text collate "C" not null,
	scope           text collate "C" not null,
	key             text collate "C" not null,
	input           bytea not null,
	result          bytea,
	created_at      timestamptz not null,
	primary key (tenant, scope, key)
) with (fillfactor = 80);

-- Every tenant that has written something, for relays; it holds no data of
-- theirs and is the one table that all may read.
create table comptoir_tenants (
	id              text collate "C" not null primary key
);

-- The key of each unit of work, written in its transaction, tells after a
-- lost answer whether the transaction was committed. It is removed once the
-- answer has arrived. A void key was written by somebody who found none: it
-- keeps a transaction that is still on its way from committing later.
create table comptoir_units (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	void            boolean not null default false,
	primary key (tenant, id)
);
