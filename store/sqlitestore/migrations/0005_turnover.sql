-- +goose Up
insert into comptoir_migrations (version, name, applied_at)
values (5, '0005_turnover.sql', cast(strftime('%s', 'now') as integer) * 1000000);

-- What partners bought, a row for each change of a document. Sums read the
-- columns only.

create table turnover (
	tenant          text not null,
	id              text not null,
	version         integer not null,
	partner         text not null,
	currency        text not null,
	day             text not null,
	known           integer,
	net             integer not null,
	parts           text not null,
	doc_kind        text not null,
	doc_id          text not null,
	revision        integer not null,
	number          text not null,
	corrects        text not null,
	doc             text not null,
	primary key (tenant, id)
);
create unique index turnover_doc_kind_doc_id_revision_key on turnover (tenant, doc_kind, doc_id, revision);
create index turnover_day_known_idx on turnover (tenant, day, known, id);
create index turnover_partner_day_known_idx on turnover (tenant, partner, day, known, id);
create index turnover_partner_currency_day_known_idx on turnover (tenant, partner, currency, day, known, id);
