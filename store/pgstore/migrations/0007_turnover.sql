-- +goose Up
insert into comptoir_migrations (version, name, applied_at) values (7, '0007_turnover.sql', now());

-- What partners bought, a row for each change of a document. Sums read the
-- columns only. Rows are only ever added, so pages are filled.

create table turnover (
	tenant          text collate "C" not null,
	id              text collate "C" not null,
	version         bigint not null,
	partner         text collate "C" not null,
	currency        text collate "C" not null,
	day             text collate "C" not null,
	known           timestamptz,
	net             bigint not null,
	parts           text collate "C" not null,
	doc_kind        text collate "C" not null,
	doc_id          text collate "C" not null,
	revision        bigint not null,
	number          text collate "C" not null,
	corrects        text collate "C" not null,
	doc             jsonb not null,
	primary key (tenant, id)
);
alter table turnover alter column doc set storage external;
create unique index turnover_doc_kind_doc_id_revision_key on turnover (tenant, doc_kind, doc_id, revision);
create index turnover_day_known_idx on turnover (tenant, day, known, id);
create index turnover_partner_day_known_idx on turnover (tenant, partner, day, known, id);
create index turnover_partner_currency_day_known_idx on turnover (tenant, partner, currency, day, known, id);

alter table turnover enable row level security;
alter table turnover force row level security;
create policy turnover_tenant on turnover using (tenant = nullif(current_setting('comptoir.tenant', true), ''));
