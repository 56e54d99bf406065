-- +goose Up
insert into comptoir_migrations (version, name, applied_at)
values (2, '0002_indexes.sql', cast(strftime('%s', 'now') as integer) * 1000000);

-- The declared orders and filters, each with its index.

create index partners_type_number_idx on partners (tenant, type, number, id);
create index partners_terms_id_idx on partners_terms (tenant, id);

create index products_super_sku_idx on products (tenant, super, sku, id);
create index products_super_family_sku_idx on products (tenant, super, family, sku, id);
create index products_super_family_sub_sku_idx on products (tenant, super, family, sub, sku, id);
create index products_online_sku_idx on products (tenant, online, sku, id);
create index products_terms_id_idx on products_terms (tenant, id);

create index carts_name_folded_idx on carts (tenant, name_folded, id);
create index carts_partner_is_default_idx on carts (tenant, partner, is_default, id);

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
