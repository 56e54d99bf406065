-- +goose Up
insert into comptoir_migrations (version, name, applied_at) values (2, '0002_row_security.sql', now());

-- The second wall between tenants: a session sees and writes only rows of the
-- tenant it has named, the owner of the tables included. A session that has
-- named none sees nothing.

alter table partners enable row level security;
alter table partners force row level security;
create policy partners_tenant on partners using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table partners_terms enable row level security;
alter table partners_terms force row level security;
create policy partners_terms_tenant on partners_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table products enable row level security;
alter table products force row level security;
create policy products_tenant on products using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table products_terms enable row level security;
alter table products_terms force row level security;
create policy products_terms_tenant on products_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table availabilities enable row level security;
alter table availabilities force row level security;
create policy availabilities_tenant on availabilities using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table carts enable row level security;
alter table carts force row level security;
create policy carts_tenant on carts using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table orders enable row level security;
alter table orders force row level security;
create policy orders_tenant on orders using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table orders_terms enable row level security;
alter table orders_terms force row level security;
create policy orders_terms_tenant on orders_terms using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table comptoir_outbox enable row level security;
alter table comptoir_outbox force row level security;
create policy comptoir_outbox_tenant on comptoir_outbox using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table comptoir_counters enable row level security;
alter table comptoir_counters force row level security;
create policy comptoir_counters_tenant on comptoir_counters using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table comptoir_keys enable row level security;
alter table comptoir_keys force row level security;
create policy comptoir_keys_tenant on comptoir_keys using (tenant = nullif(current_setting('comptoir.tenant', true), ''));

alter table comptoir_units enable row level security;
alter table comptoir_units force row level security;
create policy comptoir_units_tenant on comptoir_units using (tenant = nullif(current_setting('comptoir.tenant', true), ''));
