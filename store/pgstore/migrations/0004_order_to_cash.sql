-- +goose Up
insert into comptoir_migrations (version, name, applied_at) values (4, '0004_order_to_cash.sql', now());

-- Orders get the columns of their new lists. What was written before stood at
-- the beginning of every axis.

-- The owner fills in the rows of all tenants, and so steps around the second
-- wall for as long as this transaction lasts.
alter table partners no force row level security;
alter table partners_terms no force row level security;
alter table orders no force row level security;
alter table orders_terms no force row level security;

alter table orders
	add column title text collate "C" not null default '',
	add column title_folded text collate "C" not null default '',
	add column source text collate "C" not null default '',
	add column language text collate "C" not null default '',
	add column product text collate "C" not null default '',
	add column delivered text collate "C" not null default '',
	add column invoiced text collate "C" not null default '',
	add column paid text collate "C" not null default '',
	add column progress text collate "C" not null default '',
	add column payment text collate "C" not null default '',
	add column invoice text collate "C" not null default '',
	add column follow boolean not null default false,
	add column held boolean not null default false,
	add column released boolean not null default false;
update orders set
	product = coalesce(doc #>> '{lines,0,sku}', ''),
	delivered = case lines when 0 then 'nothing' else 'not_delivered' end,
	invoiced = case lines when 0 then 'nothing' else 'not_invoiced' end,
	paid = 'nothing',
	updated_at = coalesce(updated_at, '0001-01-01 00:00:00.000001+00');
alter table orders
	alter column title drop default,
	alter column title_folded drop default,
	alter column source drop default,
	alter column language drop default,
	alter column product drop default,
	alter column delivered drop default,
	alter column invoiced drop default,
	alter column paid drop default,
	alter column progress drop default,
	alter column payment drop default,
	alter column invoice drop default,
	alter column follow drop default,
	alter column held drop default,
	alter column released drop default;
create index orders_erp_id_idx on orders (tenant, erp_id, id);

-- The words that people look for, beside those of notes and customers. Letters
-- beyond ASCII in references, numbers and articles come with the next save.
insert into orders_terms (tenant, kind, value, id)
select o.tenant, 'text', left(w.word, 64), o.id
from orders o
cross join lateral (
	select o.ref as words union all select o.erp_number union all select o.doc ->> 'customer_no'
	union all select x.line ->> 'sku' from jsonb_array_elements(
		case jsonb_typeof(o.doc -> 'lines') when 'array' then o.doc -> 'lines' else '[]' end
	) as x (line)
) f
cross join lateral regexp_split_to_table(lower(f.words collate "C"), '[^a-z0-9]+') as w (word)
where w.word <> ''
on conflict (tenant, kind, value, id) do nothing;

-- The customer codes of a partner's legal entities.
insert into partners_terms (tenant, kind, value, id)
select p.tenant, 'code', coalesce(nullif(c.party ->> 'code', ''), p.number), p.id
from partners p
cross join lateral jsonb_array_elements(
	case jsonb_typeof(p.doc -> 'counterparties') when 'array' then p.doc -> 'counterparties' else '[{}]' end
) as c (party)
where coalesce(nullif(c.party ->> 'code', ''), p.number) <> ''
on conflict (tenant, kind, value, id) do nothing;

alter table partners force row level security;
alter table partners_terms force row level security;
alter table orders force row level security;
alter table orders_terms force row level security;

-- Deliveries, correspondence, invoices with the heads of their series,
-- payments, and the inbox of what comes from outside. Days are ISO 8601 text,
-- empty for none. What is unique among the documents that have it is null in
-- those that do not.

create table deliveries (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	order_id        text collate "C" not null,
	order_ref       text collate "C" not null,
	partner         text collate "C" not null,
	kind            text collate "C" not null,
	state           text collate "C" not null,
	number          text collate "C" not null,
	carrier         text collate "C" not null,
	tracking        text collate "C" not null,
	lines           bigint not null,
	moved_on        text collate "C" not null,
	erp_id          text collate "C",
	created_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table deliveries alter column doc set storage external;
create unique index deliveries_erp_id_key on deliveries (tenant, erp_id);
create index deliveries_created_at_idx on deliveries (tenant, created_at, id);
create index deliveries_partner_created_at_idx on deliveries (tenant, partner, created_at, id);
create index deliveries_order_id_created_at_idx on deliveries (tenant, order_id, created_at, id);
create index deliveries_number_idx on deliveries (tenant, number, id);
create index deliveries_tracking_idx on deliveries (tenant, tracking, id);

create table threads (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	doc_kind        text collate "C" not null,
	doc_id          text collate "C" not null,
	partner         text collate "C" not null,
	shared          bigint not null,
	internal        bigint not null,
	last_at         timestamptz,
	shared_at       timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table threads alter column doc set storage external;
create table threads_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index threads_last_at_idx on threads (tenant, last_at, id);
create index threads_shared_at_idx on threads (tenant, shared_at, id);
create index threads_partner_last_at_idx on threads (tenant, partner, last_at, id);
create index threads_partner_shared_at_idx on threads (tenant, partner, shared_at, id);
create index threads_terms_id_idx on threads_terms (tenant, id);

create table invoices (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	kind            text collate "C" not null,
	issuer          text collate "C" not null,
	number          text collate "C" not null,
	seller          text collate "C" not null,
	partner         text collate "C" not null,
	customer        text collate "C" not null,
	buyer           text collate "C" not null,
	name            text collate "C" not null,
	issued          text collate "C" not null,
	due             text collate "C" not null,
	currency        text collate "C" not null,
	net             bigint not null,
	tax             bigint not null,
	gross           bigint not null,
	payable         bigint not null,
	remaining       bigint not null,
	open            boolean not null,
	corrects        text collate "C" not null,
	payment         text collate "C" not null,
	void            boolean not null,
	head            text collate "C",
	place           bigint not null,
	erp_id          text collate "C",
	created_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table invoices alter column doc set storage external;
create unique index invoices_seller_number_key on invoices (tenant, seller, number);
create unique index invoices_head_place_key on invoices (tenant, head, place);
create unique index invoices_erp_id_key on invoices (tenant, erp_id);
create table invoices_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index invoices_issued_created_at_idx on invoices (tenant, issued, created_at, id);
create index invoices_partner_issued_created_at_idx on invoices (tenant, partner, issued, created_at, id);
create index invoices_buyer_issued_created_at_idx on invoices (tenant, buyer, issued, created_at, id);
create index invoices_open_due_created_at_idx on invoices (tenant, open, due, created_at, id);
create index invoices_number_idx on invoices (tenant, number, id);
create index invoices_corrects_idx on invoices (tenant, corrects, id);
create index invoices_terms_id_idx on invoices_terms (tenant, id);

create table series (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	place           bigint not null,
	counter         bigint not null,
	period          text collate "C" not null,
	issued          text collate "C" not null,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 50);
alter table series alter column doc set storage external;

create table payments (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	number          text collate "C" not null,
	direction       text collate "C" not null,
	seller          text collate "C" not null,
	partner         text collate "C" not null,
	buyer           text collate "C" not null,
	state           text collate "C" not null,
	method          text collate "C" not null,
	cheque          text collate "C" not null,
	amount          bigint not null,
	currency        text collate "C" not null,
	paid_on         text collate "C" not null,
	erp_id          text collate "C",
	created_at      timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table payments alter column doc set storage external;
create unique index payments_number_key on payments (tenant, number);
create unique index payments_erp_id_key on payments (tenant, erp_id);
create table payments_terms (
	tenant          text collate "C" not null,
	kind            text collate "C" not null,
	value           text collate "C" not null,
	id              text collate "C" not null,
	primary key (tenant, kind, value, id)
);
create index payments_paid_on_created_at_idx on payments (tenant, paid_on, created_at, id);
create index payments_partner_paid_on_created_at_idx on payments (tenant, partner, paid_on, created_at, id);
create index payments_buyer_paid_on_created_at_idx on payments (tenant, buyer, paid_on, created_at, id);
create index payments_state_paid_on_created_at_idx on payments (tenant, state, paid_on, created_at, id);
create index payments_terms_id_idx on payments_terms (tenant, id);

create table inbox_cursors (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	applied_at      timestamptz,
	changes         bigint not null,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 50);
alter table inbox_cursors alter column doc set storage external;

create table inbox_parked (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	stream          text collate "C" not null,
	awaits          text collate "C" not null,
	sequence        bigint not null,
	since           timestamptz,
	doc             jsonb not null,
	primary key (tenant, id)
) with (fillfactor = 80);
alter table inbox_parked alter column doc set storage external;
create index inbox_parked_since_idx on inbox_parked (tenant, since, id);
create index inbox_parked_awaits_since_idx on inbox_parked (tenant, awaits, since, id);

-- The second wall, as everywhere.

alter table deliveries enable row level security;
alter table deliveries force row level security;
create policy deliveries_tenant on deliveries using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table threads enable row level security;
alter table threads force row level security;
create policy threads_tenant on threads using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table threads_terms enable row level security;
alter table threads_terms force row level security;
create policy threads_terms_tenant on threads_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table invoices enable row level security;
alter table invoices force row level security;
create policy invoices_tenant on invoices using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table invoices_terms enable row level security;
alter table invoices_terms force row level security;
create policy invoices_terms_tenant on invoices_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table series enable row level security;
alter table series force row level security;
create policy series_tenant on series using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table payments enable row level security;
alter table payments force row level security;
create policy payments_tenant on payments using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table payments_terms enable row level security;
alter table payments_terms force row level security;
create policy payments_terms_tenant on payments_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table inbox_cursors enable row level security;
alter table inbox_cursors force row level security;
create policy inbox_cursors_tenant on inbox_cursors using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table inbox_parked enable row level security;
alter table inbox_parked force row level security;
create policy inbox_parked_tenant on inbox_parked using (tenant = nullif(current_setting('comptoir.tenant', true), ''));
