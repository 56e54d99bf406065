-- +goose Up
insert into comptoir_migrations (version, name, applied_at) values (3, '0003_reports.sql', now());

-- Reports read amounts as numeric in units of the currency (ISO 4217 digits).
-- The views run with the rights and under the row-level security of whoever
-- reads them.

create view orders_report with (security_invoker = true) as
select
	o.tenant, o.id, o.version, o.ref, o.state, o.partner, o.customer_number, o.customer_name, o.customer_type,
	o.inserted_by, o.placed_at, o.currency,
	round(o.net / power(10::numeric, d.digits), d.digits) as net,
	round(o.tax / power(10::numeric, d.digits), d.digits) as tax,
	round(o.gross / power(10::numeric, d.digits), d.digits) as gross,
	o.lines, o.tickets, o.direct, o.erp_number, o.erp_id, o.updated_at
from orders o
cross join lateral (select case
		when o.currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV',
			'XAF', 'XOF', 'XPF') then 0
		when o.currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
		when o.currency in ('CLF', 'UYW') then 4
		else 2
	end as digits) d;

create view order_lines_report with (security_invoker = true) as
select
	o.tenant, o.id as order_id, o.ref, o.state, o.partner, o.placed_at, o.currency,
	l.position, l.line ->> 'id' as line_id, l.line ->> 'product' as product, l.line ->> 'sku' as sku,
	l.line ->> 'name' as name, l.line ->> 'unit' as unit,
	(l.line ->> 'quantity')::numeric as quantity,
	l.line ->> 'ticket' as ticket, l.line ->> 'warranty' as warranty,
	(q.line -> 'discount' ->> 'amount')::numeric as discount,
	(q.line -> 'net' ->> 'amount')::numeric as net,
	(q.line -> 'tax' ->> 'amount')::numeric as tax,
	(q.line -> 'gross' ->> 'amount')::numeric as gross,
	q.line ->> 'category' as tax_category,
	(q.line ->> 'rate')::numeric as tax_rate
from orders o
cross join lateral jsonb_array_elements(
	case jsonb_typeof(o.doc -> 'lines') when 'array' then o.doc -> 'lines' else '[]' end
) with ordinality as l (line, position)
left join lateral (
	select x.line from jsonb_array_elements(
		case jsonb_typeof(o.doc -> 'quote' -> 'lines') when 'array' then o.doc -> 'quote' -> 'lines' else '[]' end
	) as x (line)
	where x.line ->> 'id' = l.line ->> 'id' limit 1
) q on true;
