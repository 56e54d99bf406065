-- +goose Up
insert into comptoir_migrations (version, name, applied_at)
values (3, '0003_order_to_cash.sql', cast(strftime('%s', 'now') as integer) * 1000000);

-- Orders get the columns of their new lists, before the document, which stays
-- last. What was written before stood at the beginning of every axis.

alter table orders rename column doc to doc_before;
alter table orders add column title text not null default '';
alter table orders add column title_folded text not null default '';
alter table orders add column source text not null default '';
alter table orders add column language text not null default '';
alter table orders add column product text not null default '';
alter table orders add column delivered text not null default '';
alter table orders add column invoiced text not null default '';
alter table orders add column paid text not null default '';
alter table orders add column progress text not null default '';
alter table orders add column payment text not null default '';
alter table orders add column invoice text not null default '';
alter table orders add column follow integer not null default 0;
alter table orders add column held integer not null default 0;
alter table orders add column released integer not null default 0;
alter table orders add column doc text not null default '';
update orders set
	doc = doc_before,
	product = coalesce(json_extract(doc_before, '$.lines[0].sku'), ''),
	delivered = case lines when 0 then 'nothing' else 'not_delivered' end,
	invoiced = case lines when 0 then 'nothing' else 'not_invoiced' end,
	paid = 'nothing',
	updated_at = coalesce(updated_at, -62135596799999999);
alter table orders drop column doc_before;
create index orders_erp_id_idx on orders (tenant, erp_id, id);

-- The words that people look for, beside those of notes and customers. Letters
-- beyond ASCII in references, numbers and articles come with the next save.
with recursive
	source (tenant, id, rest) as (
		select tenant, id, lower(ref) from orders
		union all select tenant, id, lower(erp_number) from orders
		union all select tenant, id, lower(json_extract(doc, '$.customer_no')) from orders
		union all select o.tenant, o.id, lower(json_extract(l.value, '$.sku')) from orders o, json_each(o.doc, '$.lines') l where l.type = 'object'
	),
	-- One letter a step: word is what has been read of the word that goes on.
	reading (tenant, id, word, rest) as (
		select tenant, id, '', rest from source where rest <> ''
		union all
		select tenant, id, case when substr(rest, 1, 1) glob '[a-z0-9]' then word || substr(rest, 1, 1) else '' end, substr(rest, 2)
		from reading where rest <> ''
	)
insert into orders_terms (tenant, kind, value, id)
select distinct tenant, 'text', substr(word, 1, 64), id from reading
where word <> '' and not substr(rest, 1, 1) glob '[a-z0-9]'
on conflict (tenant, kind, value, id) do nothing;

-- The customer codes of a partner's legal entities.
insert into partners_terms (tenant, kind, value, id)
select distinct p.tenant, 'code', coalesce(nullif(json_extract(c.value, '$.code'), ''), p.number), p.id
from partners p, json_each(coalesce(json_extract(p.doc, '$.counterparties'), '[{}]')) c
where coalesce(nullif(json_extract(c.value, '$.code'), ''), p.number) <> ''
on conflict (tenant, kind, value, id) do nothing;

-- Deliveries, correspondence, invoices with the heads of their series,
-- payments, and the inbox of what comes from outside. Days are ISO 8601 text,
-- empty for none. What is unique among the documents that have it is null in
-- those that do not.

create table deliveries (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	order_id        text not null,
	order_ref       text not null,
	partner         text not null,
	kind            text not null,
	state           text not null,
	number          text not null,
	carrier         text not null,
	tracking        text not null,
	lines           integer not null,
	moved_on        text not null,
	erp_id          text,
	created_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index deliveries_erp_id_key on deliveries (tenant, erp_id);
create index deliveries_created_at_idx on deliveries (tenant, created_at, id);
create index deliveries_partner_created_at_idx on deliveries (tenant, partner, created_at, id);
create index deliveries_order_id_created_at_idx on deliveries (tenant, order_id, created_at, id);
create index deliveries_number_idx on deliveries (tenant, number, id);
create index deliveries_tracking_idx on deliveries (tenant, tracking, id);

create table threads (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	doc_kind        text not null,
	doc_id          text not null,
	partner         text not null,
	shared          integer not null,
	internal        integer not null,
	last_at         integer,
	shared_at       integer,
	doc             text not null,
	primary key (tenant, id)
);
create table threads_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;
create index threads_last_at_idx on threads (tenant, last_at, id);
create index threads_shared_at_idx on threads (tenant, shared_at, id);
create index threads_partner_last_at_idx on threads (tenant, partner, last_at, id);
create index threads_partner_shared_at_idx on threads (tenant, partner, shared_at, id);
create index threads_terms_id_idx on threads_terms (tenant, id);

create table invoices (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	kind            text not null,
	issuer          text not null,
	number          text not null,
	seller          text not null,
	partner         text not null,
	customer        text not null,
	buyer           text not null,
	name            text not null,
	issued          text not null,
	due             text not null,
	currency        text not null,
	net             integer not null,
	tax             integer not null,
	gross           integer not null,
	payable         integer not null,
	remaining       integer not null,
	open            integer not null,
	corrects        text not null,
	payment         text not null,
	void            integer not null,
	head            text,
	place           integer not null,
	erp_id          text,
	created_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index invoices_seller_number_key on invoices (tenant, seller, number);
create unique index invoices_head_place_key on invoices (tenant, head, place);
create unique index invoices_erp_id_key on invoices (tenant, erp_id);
create table invoices_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;
create index invoices_issued_created_at_idx on invoices (tenant, issued, created_at, id);
create index invoices_partner_issued_created_at_idx on invoices (tenant, partner, issued, created_at, id);
create index invoices_buyer_issued_created_at_idx on invoices (tenant, buyer, issued, created_at, id);
create index invoices_open_due_created_at_idx on invoices (tenant, open, due, created_at, id);
create index invoices_number_idx on invoices (tenant, number, id);
create index invoices_corrects_idx on invoices (tenant, corrects, id);
create index invoices_terms_id_idx on invoices_terms (tenant, id);

create table series (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	place           integer not null,
	counter         integer not null,
	period          text not null,
	issued          text not null,
	doc             text not null,
	primary key (tenant, id)
);

create table payments (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	number          text not null,
	direction       text not null,
	seller          text not null,
	partner         text not null,
	buyer           text not null,
	state           text not null,
	method          text not null,
	cheque          text not null,
	amount          integer not null,
	currency        text not null,
	paid_on         text not null,
	erp_id          text,
	created_at      integer,
	doc             text not null,
	primary key (tenant, id)
);
create unique index payments_number_key on payments (tenant, number);
create unique index payments_erp_id_key on payments (tenant, erp_id);
create table payments_terms (
	tenant          text not null,
	kind            text not null,
	value           text not null,
	id              text not null,
	primary key (tenant, kind, value, id)
) without rowid;
create index payments_paid_on_created_at_idx on payments (tenant, paid_on, created_at, id);
create index payments_partner_paid_on_created_at_idx on payments (tenant, partner, paid_on, created_at, id);
create index payments_buyer_paid_on_created_at_idx on payments (tenant, buyer, paid_on, created_at, id);
create index payments_state_paid_on_created_at_idx on payments (tenant, state, paid_on, created_at, id);
create index payments_terms_id_idx on payments_terms (tenant, id);

create table inbox_cursors (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	applied_at      integer,
	changes         integer not null,
	doc             text not null,
	primary key (tenant, id)
);

create table inbox_parked (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	stream          text not null,
	awaits          text not null,
	sequence        integer not null,
	since           integer,
	doc             text not null,
	primary key (tenant, id)
);
create index inbox_parked_since_idx on inbox_parked (tenant, since, id);
create index inbox_parked_awaits_since_idx on inbox_parked (tenant, awaits, since, id);
